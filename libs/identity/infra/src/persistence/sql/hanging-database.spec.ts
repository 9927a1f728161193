import { setTimeout as sleep } from 'node:timers/promises';
import { aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { TcpGate } from '../../../testing/tcp-gate.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { PostgresPool } from './postgres-pool.js';

const UNAVAILABLE = { code: 'storage.unavailable' };
const LIMIT_MS = 200;
const SLOW = { text: 'SELECT pg_sleep(3)', values: [] };
const PATIENCE_MS = 5000;
const REQUESTS = 40;

describe('PostgreSQL that hangs (C3)', () => {
  const stored = aNewOrganization();
  let gate: TcpGate;
  let database: TestDatabase;
  let sent: string[];

  beforeEach(async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const url = new URL(location.url);
    gate = await TcpGate.open(url);
    url.port = String(gate.port);
    database = await openTestDatabase('postgres', { type: 'postgres', url: url.href });
    await database.organizations.insert(stored);
    sent = [];
    database.dataSource.logger.logQuery = (text) => void sent.push(text);
  });
  afterEach(async () => {
    gate.release();
    await database.close();
    await gate.shut();
  });

  const lookUp = () => database.apiKeys.findCredential(stored.apiKey.keyPrefix);

  it('is not waited for by every request, and answers the first one after its return or soon after', async () => {
    await lookUp();
    Object.assign(PostgresPool.of(database.dataSource).limits, { lookUp: LIMIT_MS, statement: LIMIT_MS });
    gate.hold();
    sent = [];
    for (let request = 0; request < REQUESTS; request += 1) await expect(lookUp()).rejects.toMatchObject(UNAVAILABLE);
    // Those that found out, and perhaps a few that tried whether it is back.
    expect(sent.length).toBeLessThan(REQUESTS / 2);
    await expect(database.organizations.list()).rejects.toMatchObject(UNAVAILABLE);
    gate.release();
    await expect(untilAnswered(lookUp)).resolves.toMatchObject({ apiKey: stored.apiKey });
    await expect(database.organizations.list()).resolves.toHaveLength(1);
  });

  it('is told from one that is slow with a few statements', async () => {
    PostgresPool.of(database.dataSource).limits.statement = LIMIT_MS;
    const slow = Array.from({ length: 4 }, () => database.storage.read(SLOW));
    const outcomes = await Promise.allSettled(slow);
    expect(outcomes.map(({ status }) => status)).toEqual(slow.map(() => 'rejected'));
    await expect(lookUp()).resolves.not.toBeNull();
    await expect(database.storage.read(SLOW)).rejects.toMatchObject(UNAVAILABLE);
    await expect(lookUp()).resolves.not.toBeNull();
  });

  async function untilAnswered<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(LIMIT_MS / 4);
      }
    }
  }
});
