import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, printedJson } from '../support/command-line.js';
import type { Settings } from '../support/child.js';
import type { DatabaseType, Row } from '../support/database.js';
import { Installation } from '../support/installation.js';
import { expectRefusal } from '../support/refusal.js';
import type { Service } from '../support/service.js';
import { WORKSPACE } from '../support/workspace.js';

const encode = (pepper: string): string => Buffer.from(pepper).toString('base64url');

/** The tables of another library with rows that it has made, and its keys by what is special about them. */
interface OldDatabase {
  readonly statements: readonly string[];
  readonly keys: Readonly<Record<string, string>>;
  readonly peppers: Readonly<Record<string, string>>;
}

async function oldDatabase(library: string, type: DatabaseType): Promise<OldDatabase> {
  const path = `${WORKSPACE}apps/api-e2e/src/import/fixtures/${library}.${type}.sql`;
  const text = await readFile(path, 'utf8');
  const comment = (name: string) => new RegExp(`^-- ${name}: (.*)$`, 'm').exec(text)?.[1] ?? '{}';
  return {
    statements: text
      .replace(/^--.*$/gm, '')
      .split(';\n')
      .filter((statement) => statement.trim() !== ''),
    keys: JSON.parse(comment('keys')) as OldDatabase['keys'],
    peppers: JSON.parse(comment('peppers')) as OldDatabase['peppers'],
  };
}

/** The statement that a guide gives for the export, exactly as it stands there. */
async function exportStatement(library: string, type: DatabaseType): Promise<string> {
  const guide = await readFile(`${WORKSPACE}docs/guides/migrate-${library}.md`, 'utf8');
  const [, sql] = new RegExp(`<!-- export: ${library} ${type} -->\\s*\`\`\`sql\n([^\`]+)\`\`\``).exec(guide) ?? [];
  return sql!;
}

/** An installation with the old tables in its database, and a file of what the guide's statement exports. */
async function exported(library: string, type: DatabaseType) {
  const installation = await (await Installation.create(type)).prepare();
  const { organization_id: organization } = await createOrganization(installation, 'Tenant');
  const old = await oldDatabase(library, type);
  const { database } = installation;
  for (const statement of old.statements) await database.query(statement);
  const [tenant] = await database.query(
    library === 'nestarc' ? 'SELECT DISTINCT "tenantId" AS id FROM "ApiKey"' : 'SELECT id FROM "user"',
  );
  await database.query('CREATE TABLE feather_organizations (tenant text PRIMARY KEY, organization_id text NOT NULL)');
  await database.query(`INSERT INTO feather_organizations VALUES ('${String(tenant?.['id'])}', '${organization}')`);
  const lines = async () => exportedLines(await database.query(await exportStatement(library, type)));
  return {
    installation,
    keys: old.keys,
    peppers: old.peppers,
    file: await installation.write('keys.jsonl', (await lines()).join('\n')),
    /** The rows that the statement exports now. */
    rows: async () => (await lines()).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}

/** As psql -At and sqlite3 print the one column; a driver may have read it already. */
function exportedLines(rows: readonly Row[]): string[] {
  return rows
    .map((row) => Object.values(row)[0])
    .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
}

const scopesOf = async (service: Service, key: string): Promise<unknown> => {
  const { status, body } = await service.whoami(key);
  expect(status).toBe(200);
  return (body as { api_key: { scopes: unknown } }).api_key.scopes;
};

describe.each(['sqlite', 'postgres'] as const)('keys that better-auth has made on %s', (type) => {
  const settings: Settings = { IMPORTED_KEYS: 'sha256' };
  let old: Awaited<ReturnType<typeof exported>>;
  let keys: OldDatabase['keys'];
  let service: Service;

  beforeAll(async () => {
    old = await exported('better-auth', type);
    keys = old.keys;
    const command = ['import', old.file, '--scheme', 'sha256', '--json'];
    const { status, stdout, stderr } = await old.installation.run(command, settings);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 3, imported: 2, refused: 1 });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^row 3: It has no scopes\. /) });
    service = await old.installation.start(settings);
    expectRefusal(await service.whoami(keys['unnamed']!));
    const again = await old.installation.run([...command, '--unrestricted'], settings);
    expect(printedJson(again)).toMatchObject({ imported: 1, already_imported: 2 });
  });

  it('work unchanged, with what they were permitted', async () => {
    expect(await scopesOf(service, keys['scoped']!)).toEqual(['files:read', 'files:write', 'users:read']);
    expect(await scopesOf(service, keys['expiring']!)).toEqual(['files:read']);
    expect(await scopesOf(service, keys['unnamed']!)).toEqual([]);
  });

  it('show how they begin in their names, and end when they did', async () => {
    const { body } = await service.whoami(keys['expiring']!);
    const name = `Jo's (${keys['expiring']!.slice(0, 6)}...)`;
    expect(body).toMatchObject({ api_key: { name, expires_at: expect.stringMatching(/^2076-/) } });
  });

  it('are exported without scopes only where they have no permissions, and with none where those are empty', async () => {
    const scopes = async () => (await old.rows()).map((row) => row['scopes']);
    expect(await scopes()).toEqual([expect.any(Array), ['files:read'], null]);
    for (const permissions of ['{}', '{"files":[]}']) {
      await old.installation.database.query(`UPDATE apikey SET permissions = '${permissions}' WHERE name IS NULL`);
      expect(await scopes()).toEqual([expect.any(Array), ['files:read'], []]);
    }
  });

  it.each(['disabled', 'expired', 'limited'])('are left out where they are %s', async (which) => {
    expectRefusal(await service.whoami(keys[which]!));
  });
});

describe('keys that @nestarc/api-keys has made', () => {
  let old: Awaited<ReturnType<typeof exported>>;
  let settings: Settings;
  let keys: OldDatabase['keys'];
  let service: Service;

  beforeAll(async () => {
    old = await exported('nestarc', 'postgres');
    keys = old.keys;
    const peppers = Object.entries(old.peppers).map(([version, pepper]) => `pepper-${version}:${encode(pepper)}`);
    settings = { IMPORTED_KEYS: 'nestarc', IMPORTED_KEY_PEPPERS: peppers.join(',') };
    const command = ['import', old.file, '--scheme', 'nestarc', '--json'];
    expect(printedJson(await old.installation.run(command, settings))).toMatchObject({
      rows: 2,
      imported: 2,
      settings: ['IMPORTED_KEYS=nestarc', 'IMPORTED_KEY_PEPPERS=pepper-1:<base64url>,pepper-2:<base64url>'],
    });
    service = await old.installation.start(settings);
  });

  it('work unchanged under either pepper, and may read what they may write', async () => {
    expect(await scopesOf(service, keys['primary']!)).toEqual(['reports:read', 'reports:write', 'users:read']);
    expect(await scopesOf(service, keys['sandbox']!)).toEqual(['reports:read']);
  });

  it('show what comes before the secret, and end when they did', async () => {
    const { body } = await service.whoami(keys['sandbox']!);
    const key_prefix = keys['sandbox']!.slice(0, -33);
    expect(body).toMatchObject({
      api_key: { key_prefix, name: 'Sandbox, "Jo\'s"', expires_at: '2076-01-31T12:00:00.500000Z' },
    });
  });

  it('are nothing but the whole key', async () => {
    const [head, secret] = [keys['primary']!.slice(0, -33), keys['primary']!.slice(-32)];
    const others = [`${head}x_${secret}`, `x${head}_${secret}`, `${head.replace('live', 'test')}_${secret}`, secret];
    for (const other of others) expectRefusal(await service.whoami(other));
  });

  it('are exported with no scopes where they have none, which refuses them', async () => {
    await old.installation.database.query(`UPDATE "ApiKey" SET scopes = '{}'`);
    for (const row of await old.rows()) expect(row['scopes']).toEqual([]);
  });

  it.each(['revoked', 'allowlisted'])('are left out where they are %s', async (which) => {
    expectRefusal(await service.whoami(keys[which]!));
  });
});
