import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from './support/installation.js';
import { partsOf, wellFormed } from './support/tokens.js';
import { COMMAND_LINE, SERVICE, WORKSPACE } from './support/workspace.js';

const ID = '0199d5a0-0000-7000-8000-000000000000';

/** A mistake, and the command whose help is named. */
const MISTAKES: readonly (readonly [mistake: string, command: string])[] = [
  ['', ''],
  ['nonsense', ''],
  ['organization', 'organization'],
  ['organization create', 'organization create'],
  ['organization create --name', 'organization create'],
  ['organization create --name n --nonsense', 'organization create'],
  ['organization create --name n extra', 'organization create'],
  ['organization disable', 'organization disable'],
  ['key create --name n', 'key create'],
  [`key create --unrestricted --organization ${ID}`, 'key create'],
  ['key create --name n --unrestricted --scopes a:b', 'key create'],
  ['key create --name n --scopes a:b,', 'key create'],
  ['key create --name n --unrestricted --expires-at tomorrow', 'key create'],
  ['key list --sort size', 'key list'],
  [`key revoke --organization ${ID}`, 'key revoke'],
  [`key rotate ${ID} --grace 31d`, 'key rotate'],
  ['policy set', 'policy set'],
  ['policy set --expiry-required perhaps', 'policy set'],
  ['audit list --type nonsense', 'audit list'],
  ['token generate extra', 'token generate'],
  ['pepper generate --nonsense', 'pepper generate'],
  ['migrate --json', 'migrate'],
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
    'answers a mistake with one line that names the help, status 2 and no work done: feather %s',
    async (mistake, command) => {
      const outcome = await installation.run(mistake.split(' ').filter((word) => word !== ''));
      expect(outcome).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/^error: [^\n]+\n$/) });
      const call = ['node', COMMAND_LINE, command, '--help'].filter((word) => word !== '').join(' ');
      expect(outcome.stderr.endsWith(` (see: ${call})\n`)).toBe(true);
    },
  );

  it('suggests what was probably meant', async () => {
    expect((await installation.run(['key', 'lsit'])).stderr).toContain('(Did you mean list?)');
    const { stderr } = await installation.run(['key', 'create', '--name', 'n', '--scope', 'a:b']);
    expect(stderr).toContain('(Did you mean --scopes?)');
  });

  it('names the help as npm called it', async () => {
    const { stderr } = await installation.run(['key', 'nonsense'], { npm_lifecycle_event: 'feather' });
    expect(stderr).toContain('(see: npm run -s feather -- key --help)');
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(`${WORKSPACE}apps/api/package.json`, 'utf8')) as { version: string };
    expect(await installation.run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints its help on request, as it was called', async () => {
    for (const command of [[], ['key'], ['organization', 'create']]) {
      const { status, stdout, stderr } = await installation.run([...command, '--help']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.startsWith(`Usage: ${['node', COMMAND_LINE, ...command].join(' ')} [`)).toBe(true);
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
