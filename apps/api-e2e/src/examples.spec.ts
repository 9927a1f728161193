import { beforeAll, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';
import { WORKSPACE } from './support/workspace.js';

const EXAMPLES = readdirSync(join(WORKSPACE, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** They need a program that not every machine has. */
const NEEDS: Readonly<Record<string, string>> = { 'go-verify': 'go', nginx: 'nginx', 'python-verify': 'python3' };

const run = promisify(execFile);
const compiler = join(WORKSPACE, 'node_modules/typescript7/bin/tsc');
const isHere = (program = 'sh') => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

let service: Service;

beforeAll(async () => {
  service = await (await Installation.create('sqlite')).start();
});

for (const name of EXAMPLES) {
  (isHere(NEEDS[name]) ? it : it.skip)(`the example ${name} passes its test`, async () => {
    const folder = join(WORKSPACE, 'examples', name);
    if (existsSync(join(folder, 'tsconfig.json'))) await run(process.execPath, [compiler, '-p', folder]);
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      scripts: { test: string };
    };
    const env = { ...process.env, KEY: service.firstKey, IDENTITY_URL: service.url };
    // What failed is in the output.
    const test = run('sh', ['-c', `${scripts.test} 2>&1`], { cwd: folder, env });
    const { code, stdout } = await test.then(
      (done) => ({ code: 0, ...done }),
      (failure: unknown) => failure as { code: number; stdout: string },
    );
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' });
  });
}
