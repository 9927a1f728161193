import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Settings } from '../support/child.js';
import { createOrganization, printedJson } from '../support/command-line.js';
import { DATABASES } from '../support/database.js';
import { Installation } from '../support/installation.js';

const ID = '0199d5a0-0000-7000-8000-000000000000';
const KEYS = 'name,hash,scopes\nCI,2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b,a:b\n';
const SHA256 = { IMPORTED_KEYS: 'sha256' };
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';

const FILES: Readonly<Record<string, string>> = {
  'empty.csv': '',
  'empty.jsonl': '\n',
  'header.csv': 'name,hash,scopes\n',
  keys: KEYS,
  'keys.csv': KEYS,
  'other.csv': KEYS.replace('name,', 'title,'),
};

const MISTAKES: readonly (readonly [command: string, settings: Settings, message: string])[] = [
  ['import', SHA256, "error: missing required argument 'file'"],
  ['import keys.csv extra', SHA256, "error: too many arguments for 'import'"],
  ['import keys.csv --nonsense', SHA256, "error: unknown option '--nonsense'"],
  ['import keys.csv --scheme md5', SHA256, "error: option '--scheme <scheme>' argument 'md5' is invalid"],
  ['import keys.csv --encoding hex64', SHA256, "error: option '--encoding <encoding>' argument 'hex64' is invalid"],
  ['import keys.csv --format xml', SHA256, "error: option '--format <format>' argument 'xml' is invalid"],
  ['import keys.csv --organization acme', SHA256, "error: option '--organization <id>' argument 'acme' is invalid"],
  ['import none.csv', SHA256, 'The file cannot be read (ENOENT).'],
  ['import . --format csv', SHA256, 'The file cannot be read: it is not a regular file.'],
  ['import keys', SHA256, 'The file name does not show the format: add --format csv or --format jsonl.'],
  ['import keys.csv --report keys.csv', SHA256, 'The report would overwrite the file with the keys.'],
  ['import keys.csv --report none/report', SHA256, 'The report cannot be written (ENOENT).'],
  ['import keys.csv', {}, 'IMPORTED_KEYS is not set: the service accepts no such keys. It must list sha256, '],
  ['import empty.jsonl', SHA256, 'The file has no rows.'],
  ['import empty.csv', SHA256, 'The file has no rows.'],
  ['import header.csv', SHA256, 'The file has no rows.'],
  ['import other.csv', SHA256, 'Column 1 of the first line is not one of organization_id, '],
  // Anybody may open it, and nobody may read where it begins.
  ['import /proc/self/mem --format csv', SHA256, 'The file cannot be read (EIO).'],
  ['import /proc/self/mem --format jsonl', SHA256, 'The file cannot be read (EIO).'],
];

/** As for every other command. */
const REFUSALS: typeof MISTAKES = [
  ['import keys.csv', { IMPORTED_KEYS: 'md5' }, 'IMPORTED_KEYS must list sha256, '],
  ['import keys.csv', { ...SHA256, DATABASE_URL: NOWHERE }, 'DATABASE_URL names a database that cannot be opened: '],
  ['import keys.csv', SHA256, 'does not exist (the default, because DATABASE_URL is not set). To create it, '],
  [
    'import keys.csv --dry-run',
    SHA256,
    'does not exist (the default, because DATABASE_URL is not set). To create it, ',
  ],
];

describe('a mistake in the command line of an import', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    for (const [name, content] of Object.entries(FILES)) await installation.write(name, content);
  });

  it.each([...MISTAKES.map((each) => [2, ...each] as const), ...REFUSALS.map((each) => [1, ...each] as const)])(
    'is answered with one line, status %i and no work done: %s %j',
    async (expected, command, settings, message) => {
      const { status, stdout, stderr } = await installation.run(command.split(' '), settings);
      expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(message);
      expect((await readdir(installation.folder)).sort()).toEqual(Object.keys(FILES));
      expect(await readFile(`${installation.folder}/keys.csv`, 'utf8')).toBe(KEYS);
    },
  );

  it.each<[string, number]>([
    ['import other.csv', 2],
    ['import keys.csv --dry-run', 1],
  ])('leaves the report of the last run as it is: %s', async (command, expected) => {
    const report = await installation.write('report.jsonl', 'of the last run\n');
    const { status } = await installation.run([...command.split(' '), '--report', report], SHA256);
    expect(status).toBe(expected);
    expect(await readFile(report, 'utf8')).toBe('of the last run\n');
  });
});

describe.each(DATABASES)('a dry run on %s', (database) => {
  let installation: Installation;
  let command: string[];

  beforeAll(async () => {
    installation = await Installation.create(database);
    const file = await installation.write('keys.csv', KEYS);
    command = ['import', file, '--dry-run', '--scheme', 'sha256', '--json'];
  });

  const dryRun = (organization: string) => installation.run([...command, '--organization', organization], SHA256);
  const refused = {
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^The database [^\n]+ `feather migrate`[^\n]+\n$/),
  };

  it('leaves a database that is not migrated, or not up to date, as it is', async () => {
    expect(await dryRun(ID)).toEqual(refused);
    expect(await readdir(installation.folder)).toEqual(['keys.csv']);
    await installation.prepare();
    const { organization_id: organization } = await createOrganization(installation, 'Acme');
    expect(printedJson(await dryRun(organization))).toMatchObject({ importable: 1 });
    await installation.database.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    const before = await installation.database.dump();
    expect(await dryRun(organization)).toEqual(refused);
    expect(await installation.database.dump()).toBe(before);
  });
});
