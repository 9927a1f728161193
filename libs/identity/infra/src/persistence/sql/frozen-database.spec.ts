import { setTimeout as sleep } from 'node:timers/promises';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { TcpGate } from '../../../testing/tcp-gate.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { PostgresPool } from './postgres-pool.js';

const SELECT_1 = { text: 'SELECT 1', values: [] };
const UNAVAILABLE = { code: 'storage.unavailable' };
/** For a whole round of statements on a busy machine; what hangs takes as long. */
const STATEMENT_MS = 500;
const WRITES = 12;
const ATTEMPTS = 40;
const PAUSE_MS = 50;
const CONNECTIONS = 5;

const OPENED = {
  'our own pool': (url: string) => openTestDatabase('postgres', { type: 'postgres', url }),
  "a host's pool": (url: string) =>
    openHostDatabase({
      type: 'postgres',
      naming: {},
      location: { type: 'postgres', url },
      ownTables: false,
      options: { extra: { max: CONNECTIONS } },
    }),
};

/** Repeats what is refused until the outage has been forgotten. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let refused = 0; refused < ATTEMPTS; refused += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      expect(error).toMatchObject(UNAVAILABLE);
      await sleep(PAUSE_MS);
    }
  }
  throw new Error('It is still refused.');
}

describe.each(Object.entries(OPENED))('PostgreSQL that freezes while %s has writes in flight (B1)', (_pool, open) => {
  let gate: TcpGate;
  let database: TestDatabase;
  /** Past the gate, and on connections of its own: sees what is committed. */
  let committed: TestDatabase;

  beforeEach(async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const url = new URL(location.url);
    gate = await TcpGate.open(url);
    url.port = String(gate.port);
    database = await open(url.href);
    committed = await openTestDatabase('postgres', location);
    PostgresPool.of(database.dataSource).limits.statement = STATEMENT_MS;
  });
  afterEach(async () => {
    gate.release();
    await database.close();
    await committed.close();
    await gate.shut();
  });

  /** Every connection is in the middle of a transaction when the bytes stop. */
  async function freezeInTransactions(): Promise<void> {
    let begun = 0;
    const { storage } = database;
    const writes = Array.from({ length: CONNECTIONS }, () =>
      storage.write('appendAuditEvent', function* () {
        yield SELECT_1;
        begun += 1;
        if (begun === CONNECTIONS) gate.hold();
        while (begun < CONNECTIONS) yield SELECT_1;
        yield SELECT_1;
      }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes).toEqual(writes.map(() => ({ status: 'rejected', reason: expect.objectContaining(UNAVAILABLE) })));
  }

  it('loses nothing that is acknowledged afterwards', async () => {
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    await freezeInTransactions();
    gate.release();
    const created = Array.from({ length: WRITES }, () => aNewApiKey(stored.owner));
    for (const each of created) await eventually(() => database.apiKeys.insert(each));
    const found = await Promise.all(created.map((each) => committed.apiKeys.findCredential(each.secret.keyPrefix)));
    expect(found.map((credential) => credential?.apiKey.id)).toEqual(created.map((each) => each.apiKey.id));
  });

  it('does not answer a write whose COMMIT got no answer', async () => {
    const write = database.storage.write('appendAuditEvent', function* () {
      yield SELECT_1;
      gate.hold();
    });
    await expect(write).rejects.toMatchObject(UNAVAILABLE);
  });

  it('writes nothing in a transaction that somebody left open on a connection of the pool', async () => {
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    const pool = (database.dataSource.driver as PostgresDriver).master as Pool;
    const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()));
    for (const client of clients) await client.query('BEGIN');
    for (const client of clients) client.release();
    const created = aNewApiKey(stored.owner);
    await database.apiKeys.insert(created);
    await expect(committed.apiKeys.findCredential(created.secret.keyPrefix)).resolves.not.toBeNull();
  });
});
