import { setTimeout as sleep } from 'node:timers/promises';
import { aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { emptyLocation, queryServer } from '../../../testing/test-location.js';
import { TcpGate } from '../../../testing/tcp-gate.js';
import { openDatabase } from '../database/open-database.js';

const UNAVAILABLE = { code: 'storage.unavailable' };

let gate: TcpGate;
let database: TestDatabase;
let port: number;
let name: string;

beforeEach(async () => {
  const location = await emptyLocation('postgres');
  if (location.type !== 'postgres') throw new Error('not PostgreSQL');
  const url = new URL(location.url);
  name = url.pathname.slice(1);
  gate = await TcpGate.open(url);
  port = gate.port;
  url.port = String(port);
  database = await openTestDatabase('postgres', { type: 'postgres', url: url.href });
});
afterEach(async () => {
  await database.close();
  await gate.shut().catch(() => undefined);
});

describe('PostgreSQL that cannot be reached', () => {
  it('ends reads and writes in storage.unavailable, and both work again when it is back', async () => {
    await gate.shut();
    await expect(database.organizations.list()).rejects.toMatchObject(UNAVAILABLE);
    await expect(database.organizations.insert(aNewOrganization())).rejects.toMatchObject(UNAVAILABLE);
    await gate.reopen(port);
    await database.organizations.insert(aNewOrganization());
    await expect(database.organizations.list()).resolves.toHaveLength(1);
  });

  it('that accepts connections and says nothing ends in storage.unavailable too', async () => {
    gate.fallSilent();
    // The pool learns first that its connections are gone.
    await sleep(50);
    await expect(database.organizations.list()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('that cuts a connection in the middle of a statement ends in storage.unavailable', async () => {
    const slow = database.storage.read({ text: 'SELECT pg_sleep(5)', values: [] });
    setTimeout(() => gate.fallSilent(), 100);
    await expect(slow).rejects.toMatchObject(UNAVAILABLE);
  });

  it('that its administrator has closed ends in storage.unavailable until it is open', async () => {
    await queryServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await queryServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    // The first statement may find a connection that was ended; the others find no new one.
    for (let i = 0; i < 3; i += 1) await expect(database.organizations.list()).rejects.toMatchObject(UNAVAILABLE);
    await queryServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await expect(database.organizations.list()).resolves.toEqual([]);
  });

  it('cannot be opened', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing';
    await expect(openDatabase({ location: { type: 'postgres', url }, poolSize: 2 })).rejects.toThrow();
  });
});
