import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Child } from '../support/child.js';
import { createOrganization, printedJson } from '../support/command-line.js';
import { DATABASES, type DatabaseType } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Installation } from '../support/installation.js';

const ROWS = 8_000;
const SETTINGS = { IMPORTED_KEYS: 'sha256' };

/** Ends the other sessions while one of them waits for the lock, in the middle of its transaction. */
const CUT_CONNECTIONS = `
  LOCK TABLE api_key_secrets IN EXCLUSIVE MODE;
  SELECT pg_sleep(1);
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
`;

const keyAt = (number: number): string => `sk_live_interrupted_${number}`;
const hashAt = (number: number): string => createHash('sha256').update(keyAt(number)).digest('hex');

/** A file of rows as another system exports them. */
function csv(): string {
  const lines = Array.from({ length: ROWS }, (_, at) => `"Key ${at + 1}",${hashAt(at + 1)},orders:read`);
  return `name,hash,scopes\n${lines.join('\n')}\n`;
}

let installation: Installation;
let command: string[];
let report: string;

const install = async (database: DatabaseType): Promise<void> => {
  installation = await (await Installation.create(database)).prepare();
  const { organization_id: organization } = await createOrganization(installation, 'Acme');
  report = `${installation.folder}/report.jsonl`;
  const file = await installation.write('keys.csv', csv());
  command = ['import', file, '--organization', organization, '--scheme', 'sha256', '--report', report, '--json'];
};

/** The import, when a tenth of it is done. */
const begun = async (): Promise<Child> => {
  const child = installation.begin(command, SETTINGS);
  await eventually(async () => (await readFile(report, 'utf8').catch(() => '')).split('\n').length > ROWS / 10);
  return child;
};

const stored = async (): Promise<number> => {
  const sql = 'SELECT count(*) AS stored FROM api_key_secrets WHERE lookup IS NOT NULL';
  const [row] = await installation.database.query(sql);
  return Number(row?.['stored']);
};

const expectFinished = async (before: number): Promise<void> => {
  expect(before).toBeGreaterThan(ROWS / 10 - 500);
  expect(before).toBeLessThan(ROWS);
  const summary = printedJson(await installation.run(command, SETTINGS));
  expect(summary).toMatchObject({ rows: ROWS, imported: ROWS - before, already_imported: before, refused: 0 });
  expect(await stored()).toBe(ROWS);
};

describe.each(DATABASES)('an import on %s', (database) => {
  beforeEach(() => install(database));

  it('that is killed in the middle is finished by the same command, without a key lost or stored twice', async () => {
    await (await begun()).end('SIGKILL');
    const before = await stored();
    await expectFinished(before);
    const lines = (await readFile(report, 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line) => (JSON.parse(line) as { row: number }).row);
    expect(rows).toEqual(Array.from({ length: ROWS }, (_, at) => at + 1));

    const service = await installation.start(SETTINGS);
    for (const number of [1, before, before + 1, ROWS]) {
      const answer = await service.whoami(keyAt(number));
      expect(answer).toMatchObject({ status: 200, body: { api_key: { name: `Key ${number}` } } });
    }
  });

  it('whose database fails in the middle ends with status 3, and is finished by the same command', async () => {
    const child = await begun();
    await installation.database.query('ALTER TABLE api_key_secrets RENAME TO away');
    const { status, stdout, stderr } = await child.outcome;
    await installation.database.query('ALTER TABLE away RENAME TO api_key_secrets');
    const before = await stored();
    const line = new RegExp(`^Stopped after row ${before}: [^\\n]+ Run the same command again to continue\\.\\n$`);
    expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: '', stderr: expect.stringMatching(line) });
    await expectFinished(before);
  });
});

describe('an import whose connections to PostgreSQL are cut', () => {
  beforeEach(() => install('postgres'));

  it('tries the batch again that was in the middle, and ends well', async () => {
    const child = await begun();
    await installation.database.query(CUT_CONNECTIONS);
    expect(printedJson(await child.outcome)).toMatchObject({ rows: ROWS, imported: ROWS, refused: 0 });
    expect(await stored()).toBe(ROWS);
  });
});
