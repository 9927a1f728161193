import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, printedJson } from '../support/command-line.js';
import { DATABASES } from '../support/database.js';
import { Installation } from '../support/installation.js';
import { LEGACY_KEYS } from './legacy-keys.js';

const UNKNOWN = '0199d5a0-0000-7000-8000-000000000000';
const SETTINGS = { IMPORTED_KEYS: 'sha256,prefix:12' };

const digest = (character: string): string => character.repeat(64);
const { row: bcrypt } = LEGACY_KEYS['bcrypt']!;
/** Of another key. */
const other = bcrypt['hash']!.replace('CJB', 'CJC');

/** Rows that are refused, by the reason that is told; what they say is never told. */
const REFUSED: readonly (readonly [object, string])[] = [
  [{ hash: 'not-a-hash-but-a-key' }, 'A SHA-256 has 64 hexadecimal or 43 base64 characters.'],
  [{ hash: null }, 'hash is missing.'],
  [{ hash: 12 }, 'hash must be text.'],
  [{ name: '' }, 'name is missing.'],
  [{ name: 'x'.repeat(256) }, 'The name of a key takes 1 to 255 characters, '],
  [{ name: 'Zo\uFFFD' }, 'name is not valid UTF-8.'],
  [{ scopes: [] }, 'scopes is empty: '],
  [{ scopes: null }, 'It has no scopes. '],
  [{ scopes: [1] }, 'scopes must be a list of texts'],
  [{ scopes: { files: ['read'] } }, 'scopes must be a list of texts'],
  [{ scopes: 'files' }, 'scopes[0] has no ":". A scope is resource:action'],
  [{ expires_at: '2027-01-31 12:00:00' }, 'expires_at must be an instant with its offset'],
  [{ expires_at: 1_800_000_000 }, 'expires_at must be text.'],
  [{ created_at: 'yesterday' }, 'created_at must be an instant with its offset'],
  [{ organization_id: UNKNOWN }, 'No such organization.'],
  [{ organization_id: 'tenant_123' }, 'organization_id must be a UUID.'],
  [{ scheme: 'md5' }, 'scheme must be one of bcrypt, '],
  [{ encoding: 'hex64' }, 'encoding must be one of hex, '],
  [{ pepper: 'old' }, 'A pepper belongs to hmac-sha256 and nestarc alone.'],
  [{ scheme: 'hmac-sha256', pepper: 'old' }, 'IMPORTED_KEY_PEPPERS does not name its pepper.'],
  [{ ...bcrypt, scheme: 'bcrypt', prefix: undefined }, 'prefix is missing.'],
  [{ ...bcrypt, scheme: 'bcrypt', prefix: 'sk_' }, 'A key is found by its first 6 to 64 characters'],
  [{ ...bcrypt, hash: other, scheme: 'bcrypt' }, 'Another key begins with the same prefix'],
  [{ ...bcrypt, scheme: 'bcrypt', prefix: 'sk_live_other' }, 'IMPORTED_KEYS does not name prefix:13.'],
  [{ ...bcrypt, scheme: 'scrypt', prefix: bcrypt['prefix'] }, 'A scrypt hash is a PHC string'],
  [{ prefix: bcrypt['prefix'] }, 'Another key is shown by the same prefix.'],
  [{ prefix: 'fth_live_aB3xY9zQ' }, 'The prefix that is shown takes '],
  [{ expiresAt: '2031-05-06T07:08:09Z' }, 'Field 4 of it is not one of organization_id, '],
];

describe.each(DATABASES)('the rows of an import on %s', (database) => {
  let installation: Installation;
  let organization: string[];
  let file: string;

  const importing = (...options: string[]) =>
    installation.run(['import', file, ...organization, '--scheme', 'sha256', ...options], SETTINGS);
  const reported = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

  beforeAll(async () => {
    installation = await (await Installation.create(database)).prepare();
    organization = ['--organization', (await createOrganization(installation, 'Acme')).organization_id];
    const rows = [
      { name: 'First', hash: digest('a'), scopes: 'orders:read orders:write', prefix: 'sk_live_first' },
      { name: 'bcrypt', ...bcrypt, scopes: ['*'], scheme: 'bcrypt' },
      ...REFUSED.map(([row], at) => ({
        name: 'Refused',
        hash: `${digest('b').slice(2)}${at + 10}`,
        scopes: 'a:b',
        ...row,
      })),
      { name: 'Last', hash: digest('c'), scopes: 'orders:read' },
    ];
    file = await installation.write('keys.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });

  it('are all checked by a dry run, which stores nothing and needs no repetition', async () => {
    const before = await installation.database.dump();
    const report = `${installation.folder}/dry.jsonl`;
    const { status, stdout } = await importing('--dry-run', '--json', '--report', report);
    expect(JSON.parse(stdout)).toMatchObject({ importable: 3, already_imported: 0, refused: REFUSED.length });
    expect(status).toBe(1);
    expect((await reported(report))[0]).toBe('{"row":1,"outcome":"importable","key_prefix":"sk_live_first"}');
    expect(await installation.database.dump()).toBe(before);
  });

  it('are told one line each, bad ones with their reason, and good ones are stored', async () => {
    const report = `${installation.folder}/report.jsonl`;
    const { status, stdout, stderr } = await importing('--report', report);
    const lines = await reported(report);
    const summary = `rows: ${REFUSED.length + 3} imported: 3 already imported: 0 refused: ${REFUSED.length}`;
    expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { row: 1, outcome: 'imported', key_prefix: 'sk_live_first' },
      { row: 2, outcome: 'imported', key_prefix: bcrypt['prefix'] },
      ...REFUSED.map(([, reason], at) => ({
        row: at + 3,
        outcome: 'refused',
        reason: expect.stringContaining(reason),
      })),
      { row: REFUSED.length + 3, outcome: 'imported', key_prefix: null },
    ]);
    expect(status).toBe(1);
    const shown = stderr.trimEnd().split('\n');
    expect(shown).toHaveLength(11);
    expect(shown[0]).toBe('row 3: A SHA-256 has 64 hexadecimal or 43 base64 characters.');
    expect(shown[10]).toBe(`and ${REFUSED.length - 10} more: --report FILE names each`);
  });

  it('are told without their hashes, keys and values', async () => {
    const report = await readFile(`${installation.folder}/report.jsonl`, 'utf8');
    const { stdout, stderr } = await importing();
    const told = report + stdout + stderr;
    for (const [row] of REFUSED) {
      for (const value of Object.values(row as Record<string, unknown>)) {
        if (typeof value === 'string' && value.length > 16) expect(told).not.toContain(value);
      }
    }
    for (const secret of [digest('a'), digest('c'), 'b'.repeat(32), bcrypt['hash']!])
      expect(told).not.toContain(secret);
  });

  it('tell that all is done, and which settings the service needs', async () => {
    const good = await installation.write(
      'good.csv',
      `name,hash,scopes\nFirst,${digest('a')},a:b\nNew,${digest('d')},a:b\n`,
    );
    const done = await installation.run(['import', good, ...organization, '--scheme', 'sha256', '--json'], SETTINGS);
    expect(printedJson(done)).toEqual({
      rows: 2,
      imported: 1,
      already_imported: 1,
      refused: 0,
      // Also of keys that were stored before, and are found as they were then.
      settings: ['IMPORTED_KEYS=prefix:12,sha256'],
    });
  });

  it('are keys that may do everything only where that was said', async () => {
    const line = JSON.stringify({ name: 'All', hash: digest('e') });
    const all = await installation.write('all.jsonl', line);
    const command = ['import', all, ...organization, '--scheme', 'sha256', '--json'];
    expect(await installation.run(command, SETTINGS)).toMatchObject({ status: 1 });
    expect(printedJson(await installation.run([...command, '--unrestricted'], SETTINGS))).toMatchObject({
      imported: 1,
    });
    const stored = await installation.database.query("SELECT scopes, unrestricted FROM api_keys WHERE name = 'All'");
    expect(stored).toEqual([{ scopes: '[]', unrestricted: database === 'sqlite' ? 1 : true }]);
  });

  it('are never keys for everything where their scopes are empty', async () => {
    const lists = [[], '', '  '].map((scopes, at) => ({ name: 'None', hash: digest(String(at)), scopes }));
    const none = await installation.write('none.jsonl', lists.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const cells = await installation.write(
      'none.csv',
      `name,hash,scopes\nNone,${digest('3')},\nNone,${digest('4')},"  "\n`,
    );
    for (const [path, refused] of [
      [none, 3],
      [cells, 2],
    ] as const) {
      const command = ['import', path, ...organization, '--scheme', 'sha256', '--json', '--unrestricted'];
      const { status, stdout, stderr } = await installation.run(command, SETTINGS);
      expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({ status: 1, imported: 0, refused });
      expect(stderr).toContain('row 1: scopes is empty: such a key could do nothing.\n');
    }
  });
});
