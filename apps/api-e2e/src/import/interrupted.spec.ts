import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, printedJson } from '../support/command-line.js';
import { DATABASES } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Installation } from '../support/installation.js';

const ROWS = 20_000;
const SETTINGS = { IMPORTED_KEYS: 'sha256' };

const keyAt = (number: number): string => `sk_live_interrupted_${number}`;
const hashAt = (number: number): string => createHash('sha256').update(keyAt(number)).digest('hex');

/** A file of rows as another system exports them. */
function csv(): string {
  const lines = Array.from({ length: ROWS }, (_, at) => `"Key ${at + 1}",${hashAt(at + 1)},orders:read`);
  return `name,hash,scopes\n${lines.join('\n')}\n`;
}

describe.each(DATABASES)('an import on %s that is killed in the middle', (database) => {
  let installation: Installation;
  let command: string[];
  let report: string;

  const stored = async (): Promise<number> => {
    const sql = 'SELECT count(*) AS stored FROM api_key_secrets WHERE lookup IS NOT NULL';
    const [row] = await installation.database.query(sql);
    return Number(row?.['stored']);
  };

  beforeAll(async () => {
    installation = await Installation.create(database);
    const { organization_id: organization } = await createOrganization(installation, 'Acme');
    report = `${installation.folder}/report.jsonl`;
    const file = await installation.write('keys.csv', csv());
    command = ['import', file, '--organization', organization, '--scheme', 'sha256', '--report', report, '--json'];
  });

  it('is finished by the same command, without a key lost or stored twice', async () => {
    const child = installation.begin(command, SETTINGS);
    await eventually(async () => (await readFile(report, 'utf8').catch(() => '')).split('\n').length > ROWS / 10);
    await child.end('SIGKILL');
    const before = await stored();
    expect(before).toBeGreaterThan(ROWS / 10 - 500);
    expect(before).toBeLessThan(ROWS);

    const summary = printedJson(await installation.run(command, SETTINGS));
    expect(summary).toMatchObject({ rows: ROWS, imported: ROWS - before, already_imported: before, refused: 0 });
    expect(await stored()).toBe(ROWS);
    const lines = (await readFile(report, 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line) => (JSON.parse(line) as { row: number }).row);
    expect(rows).toEqual(Array.from({ length: ROWS }, (_, at) => at + 1));

    const service = await installation.start(SETTINGS);
    for (const number of [1, before, before + 1, ROWS]) {
      const answer = await service.whoami(keyAt(number));
      expect(answer).toMatchObject({ status: 200, body: { api_key: { name: `Key ${number}` } } });
    }
  });
});
