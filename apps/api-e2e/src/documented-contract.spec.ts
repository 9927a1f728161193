import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Child } from './support/child.js';
import { WORKSPACE } from './support/workspace.js';

const REPOSITORY = 'class MyApiKeyRepository extends InMemoryApiKeyRepository {}';

async function documentedExample(): Promise<string> {
  const document = await readFile(join(WORKSPACE, 'docs/guides/nestjs-testing.md'), 'utf8');
  const [, code] = /<!-- example[^>]*-->\s*```js\n([\s\S]*?)```/.exec(document) ?? [];
  if (code?.includes(REPOSITORY) !== true)
    throw new Error('docs/guides/nestjs-testing.md has no example of an adapter.');
  return code;
}

/** Runs code as a module of the workspace, under the test runner of Node itself. */
const run = (code: string) => new Child(WORKSPACE, ['--input-type=module', '--eval', code]).outcome;

it('the example of an adapter runs as it is documented', async () => {
  const { status, stdout } = await run(await documentedExample());
  expect([status, stdout]).toEqual([0, expect.stringMatching(/ pass [1-9]\d+$/m)]);
  expect(stdout).toMatch(/ fail 0$/m);
});

it('the example finds an adapter that breaks a promise', async () => {
  const broken = `class MyApiKeyRepository extends InMemoryApiKeyRepository {
    async revoke() {}
  }`;
  const { status, stdout } = await run((await documentedExample()).replace(REPOSITORY, broken));
  expect(status).toBe(1);
  expect(stdout).toMatch(/ fail [1-9]\d*$/m);
});
