import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from './support/installation.js';
import { partsOf, wellFormed } from './support/tokens.js';
import { COMMAND_LINE, SERVICE } from './support/workspace.js';

const ID = '0199d5a0-0000-7000-8000-000000000000';

const MISTAKES = [
  '',
  'nonsense',
  'organization',
  'organization create',
  'organization create --name',
  'organization create --name n --nonsense',
  'organization create --name n extra',
  'key create --name n',
  `key create --organization ${ID}`,
  'key create --organization not-a-uuid --name n',
  `key revoke --organization ${ID}`,
  `key revoke ${ID}`,
  `key revoke not-a-uuid --organization ${ID}`,
  `key revoke ${ID} --organization ${ID} --json`,
  'token generate extra',
  'pepper generate --nonsense',
  'migrate --json',
];

/** Whether anything of NestJS is in a bundle, by its source map. */
async function hasNest(bundle: string): Promise<boolean> {
  const { sources } = JSON.parse(await readFile(`${bundle}.map`, 'utf8')) as { sources: string[] };
  return sources.some((source) => source.includes('/node_modules/@nestjs/'));
}

describe('the command line', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
  });

  afterAll(async () => expect(await readdir(installation.folder)).toEqual([]));

  it.each(MISTAKES)(
    'answers a mistake with one line of help, status 2 and no work done: feather %s',
    async (mistake) => {
      const outcome = await installation.run(mistake.split(' ').filter((word) => word !== ''));
      expect(outcome).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/^error: [^\n]+--help\)\n$/) });
    },
  );

  it('prints its help on request', async () => {
    for (const command of [['--help'], ['key', '--help'], ['organization', 'create', '--help']]) {
      const { status, stdout, stderr } = await installation.run(command);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: feather /);
    }
  });

  it('does not load the web framework, which takes longer than any command', async () => {
    expect(await hasNest(COMMAND_LINE)).toBe(false);
    expect(await hasNest(SERVICE)).toBe(true);
  });

  it('generates a new well-formed token each time, in the configured spelling', async () => {
    const tokens = [
      await installation.run(['token', 'generate']),
      await installation.run(['token', 'generate']),
      await installation.run(['token', 'generate'], { KEY_NAMESPACE: 'acme', KEY_ENVIRONMENT: 'test' }),
    ].map(({ stdout }) => stdout.trimEnd());
    expect(tokens).toEqual([
      expect.stringMatching(/^fth_live_[0-9A-Za-z]{46}$/),
      expect.stringMatching(/^fth_live_[0-9A-Za-z]{46}$/),
      expect.stringMatching(/^acme_test_[0-9A-Za-z]{46}$/),
    ]);
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(wellFormed(partsOf(token))).toBe(token);
  });

  it('generates a new pepper each time', async () => {
    const [first, second] = [
      await installation.run(['pepper', 'generate']),
      await installation.run(['pepper', 'generate']),
    ];
    expect(first).toEqual({ status: 0, stderr: '', stdout: expect.stringMatching(/^1:[\w-]{43}\n$/) });
    expect(second.stdout).not.toBe(first.stdout);
  });
});
