import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Settings } from '../support/child.js';
import { Installation } from '../support/installation.js';

const ID = '0199d5a0-0000-7000-8000-000000000000';
const KEYS = 'name,hash,scopes\nCI,2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b,a:b\n';
const SHA256 = { IMPORTED_KEYS: 'sha256' };
const PREFIX = { IMPORTED_KEYS: 'prefix:8' };

const MISTAKES: readonly (readonly [command: string, settings: Settings, message: string])[] = [
  ['import', SHA256, "error: missing required argument 'file'"],
  ['import keys.csv extra', SHA256, "error: too many arguments for 'import'"],
  ['import keys.csv --nonsense', SHA256, "error: unknown option '--nonsense'"],
  ['import keys.csv --scheme md5', SHA256, "error: option '--scheme <scheme>' argument 'md5' is invalid"],
  ['import keys.csv --encoding hex64', SHA256, "error: option '--encoding <encoding>' argument 'hex64' is invalid"],
  ['import keys.csv --format xml', SHA256, "error: option '--format <format>' argument 'xml' is invalid"],
  ['import keys.csv --organization acme', SHA256, "error: option '--organization <id>' argument 'acme' is invalid"],
  ['import none.csv', SHA256, 'The file cannot be read (ENOENT).'],
  ['import . --format csv', SHA256, 'The file cannot be read: it is none.'],
  ['import keys', SHA256, 'The name of the file does not tell its format: give --format csv or jsonl.'],
  ['import keys.csv --report keys.csv', SHA256, 'The report would overwrite the file with the keys.'],
  ['import keys.csv --report none/report', SHA256, 'The report cannot be written (ENOENT).'],
  ['import keys.csv', {}, 'IMPORTED_KEYS is not set: the service accepts no such keys. It takes sha256, '],
  ['import keys.csv --scheme sha256', PREFIX, 'IMPORTED_KEYS does not name sha256: '],
  ['import keys.csv --scheme hmac-sha256', SHA256, 'IMPORTED_KEY_PEPPERS is not set: '],
  ['import keys.csv --scheme nestarc', SHA256, 'IMPORTED_KEY_PEPPERS is not set: '],
  [
    'import keys.csv --scheme hmac-sha256 --pepper older',
    { IMPORTED_KEYS: 'hmac-sha256', IMPORTED_KEY_PEPPERS: 'old:AAAA' },
    'IMPORTED_KEY_PEPPERS does not name that pepper: ',
  ],
];

describe('a mistake in the command line of an import', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    await installation.write('keys.csv', KEYS);
    await installation.write('keys', KEYS);
  });

  it.each(MISTAKES)(
    'is answered with one line, status 2 and no work done: %s %j',
    async (command, settings, message) => {
      const { status, stdout, stderr } = await installation.run(command.split(' '), settings);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(message);
      expect((await readdir(installation.folder)).sort()).toEqual(['keys', 'keys.csv']);
      expect(await readFile(`${installation.folder}/keys.csv`, 'utf8')).toBe(KEYS);
    },
  );

  it('is a file whose first line names other columns, too, and nothing of it is stored', async () => {
    const file = await installation.write('other.csv', KEYS.replace('name,', 'title,'));
    const { status, stderr } = await installation.run(['import', file, '--organization', ID], SHA256);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^Column 1 of the first line is none of organization_id, [^\n]+\n$/),
    });
    const [{ stored }] = (await installation.database.query('SELECT count(*) AS stored FROM api_keys')) as [
      { stored: number },
    ];
    expect(stored).toBe(0);
  });
});
