import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';
import { COMMAND_LINE, WORKSPACE } from './support/workspace.js';

const PRODUCTION = { NODE_ENV: 'production' };

const stdoutOf = async (installation: Installation, ...command: string[]): Promise<string> =>
  (await installation.run(command)).stdout.trimEnd();

/** The messages of the log from `warn` on. */
const warnings = ({ output }: Service): unknown[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter(({ level }) => level >= 40)
    .map(({ msg }) => msg);

it('production does not start without a pepper, and names the command that makes one', async () => {
  const installation = await Installation.create('sqlite');
  const outcome = await installation.startInVain(PRODUCTION);
  expect(outcome).toEqual({
    status: 1,
    stdout: expect.stringContaining('"msg":"Database: '),
    stderr: expect.stringMatching(/^SECRET_PEPPERS_FILE [^\n]+\n$/),
  });
  expect(outcome.stderr).toContain(`node ${COMMAND_LINE} pepper generate`);
});

it('production set up twice by the documented commands keeps its peppers', async () => {
  const { folder } = await Installation.create('sqlite');
  const text = await readFile(join(WORKSPACE, 'docs/operating/production.md'), 'utf8');
  const command = text.split('\n').find((line) => line.includes('pepper generate >')) ?? '';
  const peppersAfter = async () => {
    execFileSync('bash', ['-euc', command.replaceAll('/etc/feather', folder)], { cwd: WORKSPACE });
    return readFile(join(folder, 'peppers'), 'utf8');
  };
  // A command that failed leaves an empty file.
  await writeFile(join(folder, 'peppers'), '');
  const first = await peppersAfter();
  expect(first).toMatch(/^1:[\w-]{43}\n$/);
  expect(await peppersAfter()).toBe(first);
});

describe('production', () => {
  it('gets its first key from the operator alone: by variable or file, once, and not again after its end', async () => {
    const installation = await Installation.create('sqlite');
    const key = await stdoutOf(installation, 'token', 'generate');
    const settings = { ...PRODUCTION, SECRET_PEPPERS: await stdoutOf(installation, 'pepper', 'generate') };
    await writeFile(join(installation.folder, 'key'), `${key}\n`);

    const empty = await installation.start(settings);
    expect(empty.output).not.toMatch(/fth_/);
    expect(warnings(empty)).toEqual([expect.stringContaining(`node ${COMMAND_LINE} organization create`)]);
    expect(await empty.whoami(key)).toMatchObject({ status: 401 });
    await empty.stop();

    const named = { BOOTSTRAP_ORGANIZATION_NAME: 'Acme' };
    const byVariable = await installation.start({ ...settings, ...named, BOOTSTRAP_API_KEY: key });
    expect(await byVariable.whoami(key)).toMatchObject({ status: 200, body: { organization_name: 'Acme' } });
    await byVariable.stop();

    const byFile = await installation.start({ ...settings, BOOTSTRAP_API_KEY_FILE: './key' });
    const [own, ...others] = await byFile.list(key);
    expect([own?.key_prefix, ...others]).toEqual([key.slice(0, 17)]);
    expect(JSON.parse(await stdoutOf(installation, 'organization', 'list', '--json'))).toHaveLength(1);
    expect(await byFile.revoke(key, own!.id)).toMatchObject({ status: 204 });
    await byFile.stop();

    const revoked = await installation.start({ ...settings, BOOTSTRAP_API_KEY: key });
    expect(await revoked.whoami(key)).toMatchObject({ status: 401 });
    expect(warnings(revoked)).toEqual([expect.stringContaining('revoked')]);
    for (const { output } of [byVariable, byFile, revoked]) expect(output).not.toContain(key.slice(17));
  });
});
