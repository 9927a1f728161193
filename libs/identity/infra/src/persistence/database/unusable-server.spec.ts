import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { OwnPostgres } from '../../../testing/own-postgres.js';
import { emptyLocation, queryServer } from '../../../testing/test-location.js';
import { readUnawaitedStandbys } from './durability.js';
import { openDatabase } from './open-database.js';
import { assertReady } from './readiness.js';

const SERVER_START_MS = 30_000;

/** What a request gets, with the reason for the log. */
const refusedWith = (reason: string) => ({
  code: 'storage.unavailable',
  cause: expect.objectContaining({ message: expect.stringContaining(reason) as unknown }) as unknown,
});

const notReady = (reason: string) => ({
  name: 'DatabaseNotReadyError',
  message: expect.stringContaining(reason) as unknown,
});

describe('a PostgreSQL that does not stay what it was at the start', () => {
  const stored = aNewOrganization();
  let server: OwnPostgres;
  let database: TestDatabase;

  beforeAll(async () => {
    server = await OwnPostgres.start();
    database = await openTestDatabase('postgres', { type: 'postgres', url: server.url });
    await database.organizations.insert(stored);
  }, SERVER_START_MS);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const lookUp = () => database.apiKeys.findCredential(stored.apiKey.keyPrefix);
  const start = () => openDatabase({ location: { type: 'postgres', url: server.url }, poolSize: 2 });

  it('answers nothing more on the connections it has once it accepts reads only (B2)', async () => {
    await expect(lookUp()).resolves.not.toBeNull();
    await server.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await server.query('SELECT pg_reload_conf()');
    // Servers take a moment to read their settings anew.
    await expect(untilRefused(lookUp)).resolves.toMatchObject(refusedWith('accepts reads only'));
    await expect(lookUp()).rejects.toMatchObject(refusedWith('accepts reads only'));
    await expect(database.apiKeys.insert(aNewApiKey(stored.owner))).rejects.toMatchObject(
      refusedWith('accepts reads only'),
    );
    await expect(assertReady(database.dataSource)).rejects.toMatchObject(notReady('accepts reads only'));
    await expect(start()).rejects.toMatchObject(notReady('accepts reads only'));
    await server.query('ALTER SYSTEM RESET default_transaction_read_only');
    await server.query('SELECT pg_reload_conf()');
    await expect(untilAnswered(lookUp)).resolves.not.toBeNull();
    await expect(assertReady(database.dataSource)).resolves.toBeUndefined();
  });

  it('acknowledges no change whose wait for a standby was cancelled (ADR 46)', async () => {
    await server.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await server.query('SELECT pg_reload_conf()');
    const cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for (const change of [
      () => database.apiKeys.insert(aNewApiKey(stored.owner)),
      () => database.organizations.insert(aNewOrganization()),
    ]) {
      const refused = untilRefused(change);
      await untilSettled(refused, () => server.query(cancel));
      await expect(refused).resolves.toMatchObject(refusedWith('standby was cancelled'));
    }
    await server.query('ALTER SYSTEM RESET synchronous_standby_names');
    await server.query('SELECT pg_reload_conf()');
    await expect(untilAnswered(() => database.apiKeys.insert(aNewApiKey(stored.owner)))).resolves.toBeUndefined();
  });

  it('commits past its standbys with synchronous_commit = local, and says for which', async () => {
    // Of a session that begins now: the pool keeps its own.
    const read = async () => {
      const opened = await start();
      try {
        return await readUnawaitedStandbys(opened);
      } finally {
        await opened.destroy();
      }
    };
    await server.query('ALTER DATABASE postgres SET synchronous_commit = local');
    await expect(read()).resolves.toBeNull();
    await server.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await server.query('SELECT pg_reload_conf()');
    while ((await read()) === null);
    await expect(read()).resolves.toBe('nobody');
    await server.query('ALTER SYSTEM RESET synchronous_standby_names');
    await server.query('ALTER DATABASE postgres RESET synchronous_commit');
    await server.query('SELECT pg_reload_conf()');
  });

  it(
    'is not ready once a statement has met a damaged page (D)',
    async () => {
      const [row] = await database.dataSource.query<[{ path: string }]>(
        "SELECT pg_relation_filepath('audit_events') AS path",
      );
      await server.stop();
      const file = await open(join(server.folder, row.path), 'r+');
      await file.write(Buffer.alloc(8192, 0xff), 0, 8192, 0);
      await file.close();
      await server.restart();
      const list = () => database.auditLog.list(stored.organization.id, { limit: 1 });
      await expect(list()).rejects.toMatchObject(refusedWith('damaged'));
      await expect(assertReady(database.dataSource)).rejects.toMatchObject(notReady('(XX001)'));
    },
    SERVER_START_MS,
  );

  it(
    'is refused once it comes back as a standby, which may not know of a revocation (B2)',
    async () => {
      await server.stop();
      await server.becomeStandby();
      await server.restart();
      await expect(lookUp()).rejects.toMatchObject(refusedWith('is a standby'));
      await expect(start()).rejects.toMatchObject(notReady('is a standby'));
    },
    SERVER_START_MS,
  );

  async function untilSettled(work: Promise<unknown>, step: () => Promise<void>): Promise<void> {
    const state = { isSettled: false };
    void work.then(() => {
      state.isSettled = true;
    });
    while (!state.isSettled) await step();
  }

  async function untilAnswered<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + SERVER_START_MS / 10;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  }

  async function untilRefused(attempt: () => Promise<unknown>): Promise<unknown> {
    const deadline = performance.now() + SERVER_START_MS / 10;
    while (performance.now() < deadline) {
      const error: unknown = await attempt().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) return error;
    }
    return undefined;
  }
});

describe.each([
  ['our own pool', (url: string) => openTestDatabase('postgres', { type: 'postgres', url })],
  [
    "a host's pool",
    (url: string) =>
      openHostDatabase({ type: 'postgres', naming: {}, location: { type: 'postgres', url }, ownTables: false }),
  ],
])('PostgreSQL that writes dates in a style of its own, through %s (D)', (pool, openPool) => {
  it('is set to ISO where the pool is ours, and refused with the reason where it is not', async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const name = new URL(location.url).pathname.slice(1);
    for (const setting of ["DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Kathmandu'"]) {
      await queryServer(`ALTER DATABASE ${name} SET ${setting}`);
    }
    const database = await openPool(location.url);
    const stored = aNewOrganization();
    const insert = database.organizations.insert(stored);
    if (pool === 'our own pool') {
      await insert;
      await expect(database.apiKeys.list(stored.organization.id)).resolves.toEqual([stored.apiKey]);
      await expect(database.apiKeys.findCredential(stored.apiKey.keyPrefix)).resolves.toMatchObject({
        apiKey: stored.apiKey,
      });
    } else {
      await expect(insert).rejects.toMatchObject(refusedWith('DateStyle = SQL, DMY'));
      await expect(assertReady(database.dataSource)).rejects.toMatchObject(notReady('DateStyle = SQL, DMY'));
    }
    await database.close();
  });
});

describe('a role that may have fewer connections than the pool (C5)', () => {
  it('is served by those that there are', async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const url = new URL(location.url);
    const role = `role_${url.pathname.slice(1)}`;
    await queryServer(`CREATE ROLE ${role} LOGIN PASSWORD 'few' CONNECTION LIMIT 2`);
    await queryServer(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${role}`);
    [url.username, url.password] = [role, 'few'];
    const database = await openTestDatabase('postgres', { type: 'postgres', url: url.href });
    await database.organizations.insert(aNewOrganization());
    const lists = await Promise.all(Array.from({ length: 40 }, () => database.organizations.list()));
    expect(lists.every(({ length }) => length === 1)).toBe(true);
    await database.close();
  });
});
