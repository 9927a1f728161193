import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { describeApi } from './describe-api.js';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

/** In a process of its own: Jest takes twice as long to load it. */
const SPECTRAL = `
  import { readFileSync } from 'node:fs';
  import spectralCore from '@stoplight/spectral-core';
  import rulesets from '@stoplight/spectral-rulesets';
  const spectral = new spectralCore.Spectral();
  spectral.setRuleset({ extends: [rulesets.oas] });
  console.log(JSON.stringify(await spectral.run(readFileSync('docs/openapi.json', 'utf8'))));`;

/** Neither telemetry nor a look at the registry. */
const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

describe('docs/openapi.json', () => {
  it('is what the code says (if not: npm run openapi)', async () => {
    const committed: unknown = JSON.parse(await readFile(`${WORKSPACE}docs/openapi.json`, 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(await describeApi())));
  });

  it('draws no error and no warning from the strictest rules of Redocly', () => {
    const linter = ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'docs/openapi.json', '--config=redocly.yaml'];
    const { stdout, stderr } = spawnSync(process.execPath, [...linter, '--format=json'], {
      cwd: WORKSPACE,
      env: { ...process.env, ...OFFLINE },
      encoding: 'utf8',
    });
    const start = stdout.indexOf('{');
    const report: unknown = start < 0 ? stderr : JSON.parse(stdout.slice(start));
    expect(report).toMatchObject({ totals: { errors: 0, warnings: 0, ignored: 0 } });
  });

  it('draws no error and no warning from spectral:oas', () => {
    const program = ['--input-type=module', '--eval', SPECTRAL];
    const { stdout, stderr } = spawnSync(process.execPath, program, { cwd: WORKSPACE, encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['[]', '']);
  });

  it('is what the types of the client say (if not: npm run openapi)', async () => {
    const generator = ['node_modules/openapi-typescript/bin/cli.js', 'docs/openapi.json'];
    const { stdout } = spawnSync(process.execPath, generator, { cwd: WORKSPACE, encoding: 'utf8' });
    const committed = await readFile(`${WORKSPACE}libs/identity/client/src/schema.ts`, 'utf8');
    expect(committed.trim()).toBe(stdout.trim());
  });
});
