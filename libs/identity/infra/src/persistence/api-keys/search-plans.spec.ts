import { API_KEY_SORTS, type ApiKeyFilters, type ApiKeySearch, type SortedPlace } from '@feather-identity/core';
import { aMember, anAuditEvent, anId, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';
import type { Statement } from '../sql/sql.js';
import { TypeOrmApiKeyRepository } from './typeorm-api-key-repository.js';

const KEYS = 100_000;
const AT = new Date('2026-06-01T00:00:00.000Z');
const SINCE = new Date('2026-03-01T00:00:00.000Z');

/** A step that reads a table, or an index of it, whole; or keys in an order that no index of the search has. */
const WHOLE = {
  sqlite: /SCAN (?!looked_at|api_keys$|parts|part$|few|page|last|k$|l$|json_each|CONSTANT|\(subquery)|AUTOMATIC/,
  postgres: /Seq Scan|Index (?:Only )?Scan(?![^]*Index Cond)|Bitmap Heap Scan(?![^]*Recheck Cond)/,
};

/** Members: one who has and made few keys, and one that made many. */
const [FEW, MANY] = [anId(), anId()];

/** Filters, each with the index that its keys come from: of the rarest filter, or else of the order. */
const SEARCHES: readonly (readonly [filters: ApiKeyFilters, index: RegExp | null])[] = [
  [{}, null],
  [{ nameBegins: 'key-00012' }, /ix_api_keys_name/],
  [{ nameBegins: 'key-' }, null],
  [{ label: 'rare' }, /ix_api_key_labels_label/],
  [{ label: 'all' }, null],
  [{ status: 'active' }, null],
  [{ status: 'disabled' }, /ix_api_keys_disabled/],
  [{ status: 'expired' }, /ix_api_keys_(?:live|expires)/],
  [{ status: 'revoked' }, /ix_api_keys_revoked/],
  [{ unusedSince: SINCE }, null],
  [{ unusedSince: new Date('2026-01-02T00:00:00.000Z') }, /ix_api_keys_last_used/],
  [{ nameBegins: 'key-', label: 'rare', status: 'active', unusedSince: SINCE }, /ix_api_key_labels_label/],
  [{ nameBegins: 'key-', label: 'all', status: 'expired', unusedSince: SINCE }, /ix_api_keys_(?:live|expires)/],
  [{ createdBy: FEW, status: 'active' }, /ix_api_keys_made_by/],
  [{ createdBy: FEW, label: 'all', nameBegins: 'key-' }, /ix_api_keys_made_by/],
  [{ createdBy: MANY, status: 'active' }, null],
  [{ memberId: FEW, unusedSince: SINCE }, /ix_api_keys_member/],
  [{ expiresBefore: new Date('2026-05-02T00:00:00.000Z') }, /ix_api_keys_expires/],
  [{ expiresBefore: new Date('2027-01-01T00:00:00.000Z') }, null],
];

const INDEX_OF_SORT = {
  created_at: /ix_api_keys_(?:unrevoked|revoked|disabled)/,
  name: /ix_api_keys_name/,
  last_used_at: /ix_api_keys_last_used/,
  expires_at: /ix_api_keys_expires/,
};

describe.each(DATABASES)('a search among 100,000 keys of one organization on %s', (type) => {
  const { organization, owner, ...first } = aNewOrganization();
  let database: TestDatabase;
  let apiKeys: TypeOrmApiKeyRepository;
  let sent: Statement[];

  beforeAll(async () => {
    database = await openTestDatabase(type);
    await database.organizations.insert({ organization, owner, ...first });
    const member = aMember({ id: FEW, organizationId: organization.id });
    await database.members.insert({ member, event: anAuditEvent({ organizationId: organization.id }) });
    await fill(database, organization.id, owner.id);
    const { storage } = database;
    apiKeys = new TypeOrmApiKeyRepository(storage);
    const read = storage.read.bind(storage);
    storage.read = (statement) => {
      sent.push(statement);
      return read(statement);
    };
  }, 120_000);

  afterAll(() => database.close());

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
  const search = (fields: Partial<ApiKeySearch>) => {
    sent = [];
    return apiKeys.search(organization.id, {
      sort: 'created_at',
      includeRevoked: false,
      at: AT,
      limit: 50,
      ...fields,
    });
  };

  describe.each(API_KEY_SORTS)('by %s', (sort) => {
    it.each(SEARCHES)('goes through indexes alone: %j', async (filters, index) => {
      for (const includeRevoked of [false, true]) {
        const { next } = await search({ ...filters, sort, includeRevoked });
        const firstPage = [...sent];
        if (next !== null) {
          await search({ ...filters, sort, includeRevoked, after: next });
          const behind = (await planOf(sent.at(-1)!)).join();
          // It begins where the page before ended. PostgreSQL says the same in other words.
          if (behind.startsWith('COMPOUND')) expect(behind).toMatch(/AND (?:<expr>|\(created_at,id\))[<>=]/);
        }
        for (const statement of [...firstPage, ...sent]) {
          for (const step of await planOf(statement)) expect(step).not.toMatch(WHOLE[type]);
        }
        const plan = (await planOf(firstPage.at(-1)!)).join();
        expect(plan).toMatch(index ?? INDEX_OF_SORT[sort]);
      }
    });
  });

  it('finds every key that passes several filters, though each of them is passed by too many', async () => {
    const filters: ApiKeyFilters = { nameBegins: 'KEY-', label: 'sparse', unusedSince: SINCE };
    const found: string[] = [];
    let pages = 0;
    for (let after: SortedPlace | undefined; ;) {
      const { ids, next } = await search({ ...filters, after });
      found.push(...ids);
      pages += 1;
      if (next === null) break;
      after = next;
    }
    expect(pages).toBeGreaterThan(5);
    const rows = await database.dataSource.query<{ id: string }[]>(
      `SELECT k.id FROM api_keys k JOIN api_key_labels l ON l.api_key_id = k.id AND l.label = 'sparse' ` +
        `WHERE k.revoked_at IS NULL AND k.created_at < '2026-03-01' AND (k.last_used_at IS NULL OR k.last_used_at < '2026-03-01') ` +
        `ORDER BY k.created_at DESC, k.id DESC`,
    );
    expect(found).toEqual(rows.map(({ id }) => id));
    expect(found.length).toBeGreaterThan(100);
  });
});

/** A statement may take some seconds. */
const BATCH = 10_000;

/** Keys of which 1 % are revoked, 1 % disabled, 1 % expired; with labels that all, 2 % and 10 of them have. */
async function fill({ location, dataSource }: TestDatabase, organizationId: string, memberId: string): Promise<void> {
  const isPostgres = location.type === 'postgres';
  const id = (prefix: string) =>
    `'${prefix}-0000-7000-8000-' || ${isPostgres ? "lpad(to_hex(n), 12, '0')" : "printf('%012x', n)"}`;
  const uuid = (text: string) => (isPostgres ? `(${text})::uuid` : text);
  const instant = (text: string) => (isPostgres ? `(${text})::timestamptz` : text);
  const day = (of: string) =>
    instant(
      isPostgres
        ? `timestamptz '2026-01-01' + make_interval(days => (${of})::int)`
        : `strftime('%Y-%m-%d %H:%M:%f', '2026-01-01', '+' || (${of}) || ' days')`,
    );
  const padded = isPostgres ? "lpad(n::text, 7, '0')" : "printf('%07d', n)";
  const numbers = isPostgres
    ? `generate_series(%1, %2) AS numbers(n)`
    : `(WITH RECURSIVE numbers(n) AS (SELECT %1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %2) SELECT n FROM numbers)`;
  const query = async (text: string) => {
    for (let at = 0; at < KEYS; at += BATCH) {
      await dataSource.query(text.replaceAll('%1', String(at + 1)).replaceAll('%2', String(at + BATCH)));
    }
  };
  const [organization, member] = [uuid(`'${organizationId}'`), uuid(`'${memberId}'`)];
  await query(
    `INSERT INTO api_keys (id, organization_id, member_id, name, key_prefix, scopes, unrestricted, created_at, expires_at, disabled_at, revoked_at, last_used_at, created_by_type, created_by_id) ` +
      `SELECT ${uuid(id('00000000'))}, ${organization}, CASE WHEN n % 10000 = 6 THEN ${uuid(`'${FEW}'`)} ELSE ${member} END, 'Key-' || ${padded}, 'p' || n, '[]', ${isPostgres ? 'false' : '0'}, ${day('n % 100')}, ` +
      `CASE WHEN n % 77 = 1 THEN ${day('120')} WHEN n % 3 = 0 THEN ${day('300')} END, ` +
      `CASE WHEN n % 100 = 7 THEN ${day('100')} END, CASE WHEN n % 100 = 9 THEN ${day('110')} END, ` +
      `CASE WHEN n % 2 = 0 THEN ${day('n % 90 + 1')} WHEN n % 100 > 1 THEN ${day('140')} END, 'member', ` +
      `CASE WHEN n % 10000 IN (5, 9) THEN ${uuid(`'${FEW}'`)} WHEN n % 2 = 0 THEN ${uuid(`'${MANY}'`)} END FROM ${numbers}`,
  );
  await query(
    `INSERT INTO api_key_secrets (id, api_key_id, key_prefix, proof, created_at) ` +
      `SELECT ${uuid(id('00000001'))}, ${uuid(id('00000000'))}, 'p' || n, 'x', ${day('n % 100')} FROM ${numbers}`,
  );
  for (const [label, where] of [
    ['all', ''],
    ['sparse', 'WHERE n % 43 = 3'],
    ['rare', 'WHERE n % 10000 = 5'],
  ]) {
    await query(
      `INSERT INTO api_key_labels (api_key_id, label, organization_id) ` +
        `SELECT ${uuid(id('00000000'))}, '${label}', ${organization} FROM ${numbers} ${where}`,
    );
  }
  if (isPostgres)
    for (const table of ['api_keys', 'api_key_secrets', 'api_key_labels']) await dataSource.query(`ANALYZE ${table}`);
}
