import { NO_USAGE, type UsageGranularity } from '@feather-identity/core';
import { anId, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';
import type { Statement, Write } from '../sql/sql.js';
import type { WriteKind } from '../sql/write-kinds.js';
import { TypeOrmUsageCounts } from './typeorm-usage-counts.js';

const ORGANIZATIONS = 50;
const KEYS = 20;
const DAYS = 60;
const FROM = new Date('2026-03-01T00:00:00.000Z');

/** A step that reads a table of usage, or an index of it, whole. */
const WHOLE = {
  sqlite: /SCAN api_key_usage/,
  postgres: /Seq Scan on api_key_usage|Index (?:Only )?Scan using \S+ on api_key_usage(?![^]*Index Cond)/,
};

describe.each(DATABASES)('the usage of many keys on %s', (type) => {
  const created = aNewOrganization();
  const { id } = created.organization;
  const keys = [created.apiKey.id, ...Array.from({ length: 50 }, () => anId())];
  let database: TestDatabase;
  let counts: TypeOrmUsageCounts;
  let sent: Statement[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(type);
    await database.organizations.insert(created);
    const { dataSource, storage } = database;
    const isPostgres = type === 'postgres';
    const numbers = isPostgres
      ? `generate_series(1, ${ORGANIZATIONS * KEYS * DAYS}) AS numbers(n)`
      : `(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ORGANIZATIONS * KEYS * DAYS}) SELECT n FROM numbers)`;
    const uuid = (prefix: string, n: string) =>
      isPostgres
        ? `('${prefix}-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`
        : `'${prefix}-0000-7000-8000-' || printf('%012d', ${n})`;
    const day = `n / ${ORGANIZATIONS * KEYS}`;
    const startsAt = isPostgres
      ? `timestamptz '2026-01-15' + make_interval(days => ${day})`
      : `strftime('%Y-%m-%d %H:%M:%f', '2026-01-15', '+' || (${day}) || ' days')`;
    for (const table of ['api_key_usage_hours', 'api_key_usage_days']) {
      await dataSource.query(
        `INSERT INTO ${table} SELECT ${uuid('00000000', `n % ${ORGANIZATIONS * KEYS}`)}, ${startsAt}, ` +
          `${uuid('00000001', `n % ${ORGANIZATIONS}`)}, 1, 0, 0, 0, 0 FROM ${numbers}`,
      );
      if (isPostgres) await dataSource.query(`ANALYZE ${table}`);
    }
    counts = new TypeOrmUsageCounts(storage);
    const read = storage.read.bind(storage);
    const write = storage.write.bind(storage);
    storage.read = (statement) => {
      sent.push(statement);
      return read(statement);
    };
    storage.write = <T>(kind: WriteKind, work: () => Write<T>) => write(kind, () => noted(work()));
  }, 120_000);

  afterAll(() => database.close());

  function* noted<T>(steps: Write<T>): Write<T> {
    let step = steps.next();
    while (step.done !== true) {
      sent.push(step.value);
      step = steps.next(yield step.value);
    }
    return step.value;
  }

  const planOf = async ({ text, values }: Statement): Promise<string[]> => {
    if (type === 'sqlite') {
      const steps = await database.dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${text}`, [...values]);
      return steps.map(({ detail }) => detail);
    }
    const lines = await database.dataSource.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, [...values]);
    return lines
      .map((line) => line['QUERY PLAN'])
      .join('\n')
      .split('->');
  };
  const range = (granularity: UsageGranularity) => ({
    from: FROM,
    to: new Date(FROM.getTime() + 3 * 86_400_000),
    granularity,
  });
  const READS: Readonly<Record<string, (granularity: UsageGranularity) => Promise<unknown>>> = {
    'buckets of an organization': (granularity) => counts.buckets(id, range(granularity)),
    'buckets of keys': (granularity) => counts.buckets(id, range(granularity), keys),
    'the busiest keys': (granularity) => counts.busiestKeys(id, range(granularity), 100),
    'some keys': (granularity) => counts.ofKeys(id, range(granularity), keys),
    'the busiest organizations': (granularity) => counts.busiestOrganizations(range(granularity), 100),
  };

  it.each(Object.entries(READS))('is read through indexes alone: %s', async (_what, run) => {
    for (const granularity of ['hour', 'day', 'month'] as const) {
      sent = [];
      await run(granularity);
      expect(sent.length).toBeGreaterThan(0);
      for (const statement of new Set(sent))
        for (const step of await planOf(statement)) expect(step).not.toMatch(WHOLE[type]);
    }
  });

  it('of a list of 50 keys for the last 30 days is one statement, on SQLite by the keys and not by all of their organization', async () => {
    sent = [];
    const month = { from: FROM, to: new Date(FROM.getTime() + 31 * 86_400_000), granularity: 'day' } as const;
    await counts.ofKeys(id, month, keys.slice(0, 50));
    expect(sent).toHaveLength(1);
    // PostgreSQL knows how many rows the organization has, and may choose its index.
    if (type === 'sqlite') expect((await planOf(sent[0]!)).join()).toMatch(/USING PRIMARY KEY/);
  });

  it('is added and removed through indexes alone', async () => {
    sent = [];
    const { id: apiKeyId, organizationId } = created.apiKey;
    await counts.add([{ apiKeyId, organizationId, startsAt: FROM, ...NO_USAGE, accepted: 1 }]);
    await counts.removeBefore({ hours: new Date('2026-01-16T00:00:00.000Z'), days: new Date(0) }, 200);
    // Those of a deleted organization.
    await database.dataSource.query(`UPDATE organizations SET deleted_at = created_at WHERE id = '${id}'`);
    await counts.removeBefore({ hours: new Date(0), days: new Date(0) }, 200);
    expect(sent.filter(({ text }) => text.startsWith('DELETE')).length).toBeGreaterThan(4);
    for (const statement of sent) for (const step of await planOf(statement)) expect(step).not.toMatch(WHOLE[type]);
  });
});
