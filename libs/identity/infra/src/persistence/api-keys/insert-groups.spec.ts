import { type InsertTerms, type NewApiKey, type NewOrganization, ScopeGrant } from '@feather-identity/core';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { PostgresPool } from '../sql/postgres-pool.js';

const AT_ONCE = 20;
const STATEMENT_MS = 500;
const SOON = new Date('2026-01-02T00:00:00.000Z');

describe('keys that are made at once on PostgreSQL', () => {
  const sent: string[] = [];
  let database: TestDatabase;
  let stored: NewOrganization;

  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    database.dataSource.logger.logQuery = (text) => void sent.push(text);
  });
  beforeEach(async () => {
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    // Its keys are counted for the first one.
    await database.apiKeys.insert(aNewApiKey(stored.owner), { maxKeys: AT_ONCE });
    sent.length = 0;
  });
  afterAll(() => database.close());

  const insertAll = async (...inserts: (readonly [NewApiKey, InsertTerms])[]) => {
    const outcomes = await Promise.allSettled(inserts.map((each) => database.apiKeys.insert(...each)));
    return outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? 'made' : (outcome.reason as { readonly code: string }).code,
    );
  };
  const aKey = () => aNewApiKey(stored.owner);

  it('on the same terms share a statement, and with it its sync to disk', async () => {
    const terms = { issuedBy: stored.apiKey, maxKeys: 2 * AT_ONCE };
    const created = Array.from({ length: AT_ONCE }, aKey);
    await Promise.all(created.map((each) => database.apiKeys.insert(each, terms)));
    expect(sent).toHaveLength(1);
    const keys = await database.apiKeys.list(stored.organization.id);
    expect(keys).toEqual(expect.arrayContaining(created.map(({ apiKey }) => apiKey)));
    await expect(database.apiKeys.find(stored.organization.id, created[7]?.apiKey.id ?? '')).resolves.toEqual({
      apiKey: created[7]?.apiKey,
      secrets: [created[7]?.secret],
    });
    const events = await database.auditLog.list(stored.organization.id, { limit: AT_ONCE });
    expect(events).toEqual(expect.arrayContaining(created.map(({ event }) => event)));
  });

  it('are as many as the limit leaves room for, and the others are refused without a statement of their own', async () => {
    const terms = { issuedBy: stored.apiKey, maxKeys: 7 };
    const outcomes = await insertAll(...Array.from({ length: AT_ONCE }, () => [aKey(), terms] as const));
    expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'api_key.limit_reached')).toHaveLength(AT_ONCE - 5);
    expect(sent.length).toBeLessThan(10);
    await expect(database.apiKeys.list(stored.organization.id)).resolves.toHaveLength(7);
    await expect(insertAll([aKey(), terms], [aKey(), terms])).resolves.toEqual(
      Array.from({ length: 2 }, () => 'api_key.limit_reached'),
    );
  });

  it('have the room of keys that ended before the last of them', async () => {
    const terms = { maxKeys: 3 };
    await database.apiKeys.insert(aNewApiKey(stored.owner, { expiresAt: SOON }), terms);
    const at = (createdAt: Date) => [aNewApiKey(stored.owner, { createdAt }), terms] as const;
    const outcomes = await insertAll(at(new Date(SOON.getTime() - 1)), at(SOON));
    expect(outcomes).toEqual(['made', 'api_key.limit_reached']);
  });

  it('are not refused because those before them were', async () => {
    const terms = { maxKeys: 3 };
    await database.apiKeys.insert(aNewApiKey(stored.owner, { expiresAt: SOON }), terms);
    sent.length = 0;
    const first = insertAll([aNewApiKey(stored.owner, { createdAt: new Date(SOON.getTime() - 1) }), terms]);
    while (sent.length === 0) await new Promise(setImmediate);
    const next = insertAll([aNewApiKey(stored.owner, { createdAt: SOON }), terms]);
    expect(await Promise.all([first, next])).toEqual([['api_key.limit_reached'], ['made']]);
  });

  it('do not share a refusal', async () => {
    const { keyPrefix } = stored.apiKey;
    const outcomes = await insertAll([aKey(), {}], [aNewApiKey(stored.owner, { keyPrefix }), {}], [aKey(), {}]);
    expect(outcomes).toEqual(['made', 'api_key.conflict', 'made']);
  });

  it('do not share their terms: each has its own limit, and its own word of a key', async () => {
    const { apiKey } = stored;
    const former = apiKey.with({ grant: ScopeGrant.of(['orders:read']) });
    const outcomes = await insertAll(
      [aKey(), { maxKeys: 5 }],
      [aKey(), { maxKeys: 2 }],
      [aKey(), { maxKeys: 2, mayExceed: true }],
      [aKey(), { issuedBy: apiKey }],
      [aKey(), { issuedBy: former }],
    );
    expect(outcomes).toEqual(['made', 'api_key.limit_reached', 'made', 'made', 'caller.changed']);
  });

  it('do not wait for a second time-out', async () => {
    const { limits } = PostgresPool.of(database.dataSource);
    const [usual, terms] = [limits.statement, { issuedBy: stored.apiKey }];
    await database.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE', [stored.organization.id]);
      limits.statement = STATEMENT_MS;
      sent.length = 0;
      const first = insertAll([aKey(), terms]);
      while (sent.length === 0) await new Promise(setImmediate);
      const outcomes = await Promise.all([first, insertAll([aKey(), terms])]);
      expect([outcomes, sent.length]).toEqual([[['storage.unavailable'], ['storage.unavailable']], 1]);
    });
    limits.statement = usual;
    await expect(insertAll([aKey(), terms])).resolves.toEqual(['made']);
  });
});
