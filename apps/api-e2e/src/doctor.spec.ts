import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Settings } from './support/child.js';
import { createOrganization } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';

interface Report {
  readonly settings_file: string | null;
  readonly settings: readonly { readonly name: string; readonly value: string | null; readonly origin: string }[];
  readonly checks: readonly { readonly check: string; readonly state: string; readonly message: string }[];
}

const LATER = `
  const { now } = Date;
  Date.now = () => now() + 90_000;
`;

async function doctor(installation: Installation, settings: Settings = {}) {
  const { status, stdout, stderr } = await installation.run(['doctor', '--json'], settings);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  const found = report.checks
    .filter(({ state }) => state !== 'ok')
    .map((each) => [each.state, each.check, each.message]);
  return { status, stdout, report, found };
}

describe.each(DATABASES)('feather doctor on %s', (database) => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await (await Installation.create(database)).prepare();
    await createOrganization(installation, 'Acme');
  });

  it('finds nothing wrong in a new installation, and changes nothing', async () => {
    const before = await installation.database.dump();
    const { status, report, found } = await doctor(installation);
    expect({ status, found }).toEqual({ status: 0, found: [] });
    const always = [
      'settings',
      'database',
      'schema',
      'durability',
      'peppers',
      'key format',
      'imported keys',
      'leases',
      'clock',
      'limits',
      'scopes',
    ];
    const disk = database === 'sqlite' ? ['disk'] : [];
    expect(report.checks.map(({ check }) => check)).toEqual([...always, 'proxies', 'files', ...disk]);
    expect(report.settings).toContainEqual({ name: 'KEY_NAMESPACE', origin: 'default', value: 'fth' });
    expect(await installation.database.dump()).toBe(before);
  });

  it('prints the same for people, with the origin of each setting', async () => {
    const { status, stdout, stderr } = await installation.run(['doctor'], { LOG_LEVEL: 'warn' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^LOG_LEVEL +environment {2}warn$/m);
    expect(stdout).toMatch(/^SECRET_HASHER +default {6}bcrypt$/m);
    expect(stdout).toMatch(/^ok {2}database +(?:SQLite|PostgreSQL) \d+\.\d+.* answers and finds keys$/m);
    expect(stdout).toMatch(/\n0 problems, 0 warnings\.\n$/);
  });

  it('shows no secret', async () => {
    const pepper = (await installation.run(['pepper', 'generate'])).stdout.trim();
    const { stdout, report } = await doctor(installation, {
      SECRET_PEPPERS: pepper,
      IMPORTED_KEYS: 'hmac-sha256',
      IMPORTED_KEY_PEPPERS: 'old:aHVudGVyMg',
      BOOTSTRAP_API_KEY: 'hunter2',
    });
    const secrets = [pepper.slice(2), 'aHVudGVyMg', 'hunter2', 'password', '@'];
    for (const secret of secrets) expect(stdout).not.toContain(secret);
    expect(report.settings).toContainEqual({ name: 'SECRET_PEPPERS', origin: 'environment', value: 'set' });
  });

  it('finds everything that is wrong at once, with what to do', async () => {
    const { stdout: pepper } = await installation.run(['pepper', 'generate']);
    await installation.database.query('UPDATE api_key_secrets SET hash = NULL WHERE lookup IS NULL');
    const { status, found } = await doctor(installation, {
      KEY_ENVIRONMENT: 'test',
      SECRET_PEPPERS: pepper.trim(),
      DATABSE_URL: 'sqlite:x',
    });
    await installation.database.query("UPDATE api_key_secrets SET hash = 'x' WHERE lookup IS NULL");
    expect(status).toBe(1);
    expect(found).toEqual([
      ['warning', 'settings', expect.stringContaining('Did you mean DATABASE_URL?')],
      ['problem', 'peppers', expect.stringContaining('--accept-peppers')],
      ['problem', 'peppers', expect.stringContaining('because they have no hash: 1.')],
      ['problem', 'key format', expect.stringContaining('Set KEY_NAMESPACE=fth and KEY_ENVIRONMENT=live')],
    ]);
  });

  it('finds keys of other systems that are not looked for', async () => {
    await installation.database.query(
      "UPDATE api_key_secrets SET lookup = 'sha256:x', hash = 'sha256:x', proof = NULL",
    );
    expect((await doctor(installation)).found).toEqual([
      ['problem', 'imported keys', expect.stringContaining('does not name sha256')],
    ]);
    expect((await doctor(installation, { IMPORTED_KEYS: 'sha256' })).status).toBe(0);
    await installation.database.query('UPDATE api_key_secrets SET lookup = NULL');
  });

  it('finds a clock that differs from the database', async () => {
    const NODE_OPTIONS = `--require ${await installation.write('later.cjs', LATER)}`;
    const { status, found } = await doctor(installation, { NODE_OPTIONS });
    const wrong = [['problem', 'clock', expect.stringMatching(/seconds ahead of PostgreSQL.*NTP/)]];
    expect({ status, found }).toEqual(database === 'sqlite' ? { status: 0, found: [] } : { status: 1, found: wrong });
  });

  it('finds a lost pepper file, and makes none', async () => {
    const file = join(installation.folder, 'data/peppers');
    await rm(file);
    const { status, found } = await doctor(installation);
    expect({ status, found }).toEqual({
      status: 1,
      found: [['problem', 'peppers', expect.stringMatching(/peppers\) does not exist, but keys were made under v1\./)]],
    });
    expect(await readdir(join(installation.folder, 'data'))).not.toContain('peppers');
  });

  it('finds a database of a newer and of an older version, and leaves it as it is', async () => {
    const query = (sql: string) => installation.database.query(sql);
    const newer = (kind: string) =>
      query(`INSERT INTO migrations (timestamp, name) VALUES (1999000000000, '${kind}IdentityNotes1999000000000')`);
    const schema = async () => (await doctor(installation)).found.filter(([, check]) => check === 'schema');
    await newer('Expand');
    expect(await schema()).toEqual([['warning', 'schema', expect.stringContaining('ExpandIdentityNotes')]]);
    await newer('Contract');
    expect(await schema()).toEqual([['problem', 'schema', expect.stringContaining('newer version, which removed')]]);
    await query('DELETE FROM migrations WHERE timestamp >= 1764600000000');
    const before = await installation.database.dump();
    expect(await schema()).toEqual([
      ['problem', 'schema', expect.stringMatching(/is older than .* `feather migrate`/)],
    ]);
    expect(await installation.database.dump()).toBe(before);
  });
});

it('feather doctor finds a missing database, wrong settings, a server that may lose keys, and missing triggers', async () => {
  const installation = await Installation.create('sqlite');
  expect(await doctor(installation)).toMatchObject({
    status: 1,
    found: [['problem', 'database', expect.stringContaining('data/identity.db does not exist')]],
  });
  expect(await doctor(installation, { PORT: 'x', METRICS: 'yes' })).toMatchObject({
    status: 1,
    found: [
      ['problem', 'settings', expect.stringContaining('PORT must be')],
      ['problem', 'settings', expect.stringContaining('METRICS must be')],
    ],
    report: { settings: [] },
  });
  const unreachable = { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/d' };
  expect((await doctor(installation, unreachable)).found).toEqual([
    ['problem', 'database', expect.stringMatching(/^DATABASE_URL names a database that cannot be opened/)],
  ]);
  expect(await readdir(installation.folder)).toEqual([]);

  const server = await (await Installation.create('postgres')).prepare();
  const name = new URL(server.database.settings['DATABASE_URL'] ?? '').pathname.slice(1);
  await server.database.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  expect((await doctor(server)).found).toEqual([
    ['problem', 'durability', expect.stringContaining('synchronous_commit off')],
  ]);
  expect(await doctor(server, { DATABASE_ALLOW_NON_DURABLE: 'true' })).toMatchObject({
    status: 0,
    found: [['warning', 'durability', expect.anything()]],
  });

  const leases = async (settings: Settings = {}) => {
    const { status, report } = await doctor(server, { DATABASE_ALLOW_NON_DURABLE: 'true', ...settings });
    return [status, ...report.checks.filter(({ check }) => check === 'leases').map(({ message }) => message)];
  };
  expect(await leases()).toEqual([0, 'on. No instance holds one now']);
  expect(await leases({ CREDENTIAL_LEASES: 'off' })).toEqual([0, 'off (CREDENTIAL_LEASES). No instance holds one now']);
  await server.database.query("INSERT INTO credential_leases VALUES ('11111111-1111-7111-8111-111111111111', 0, 0)");
  expect(await leases()).toEqual([0, expect.stringMatching(/without giving theirs up: 1\. The next change waits/)]);
  await server.database.query('ALTER TABLE members DISABLE TRIGGER identity_credential_guard_delete');
  await server.database.query('DROP TRIGGER identity_credential_guard_update ON api_keys');
  await server.database.query('ALTER TABLE credential_leases SET LOGGED');
  expect(await leases()).toEqual([
    1,
    expect.stringContaining('ALTER TABLE "credential_leases" SET UNLOGGED'),
    expect.stringContaining('ALTER TABLE "members" ENABLE ALWAYS TRIGGER identity_credential_guard_delete'),
    expect.stringMatching(/^The table "api_keys" has no trigger identity_credential_guard_update\. /),
  ]);
  expect((await server.run(['doctor'])).stdout).toMatch(
    /^problem +leases +A trigger is disabled: ALTER TABLE "members"/m,
  );
});
