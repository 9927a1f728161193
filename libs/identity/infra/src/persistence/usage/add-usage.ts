import { type CountedHour, sumOf, USAGE_OUTCOMES } from '@feather-identity/core';
import { among, toSqliteInstant, type Statement, type StatementBuilder, type Write } from '../sql/sql.js';
import { COLUMN_OF } from './columns.js';

const DAY_MS = 86_400_000;
const COUNTS = USAGE_OUTCOMES.map((outcome) => COLUMN_OF[outcome]);

/** Adds what was counted to the hours and days of keys that are stored. */
export function* addUsage(statements: StatementBuilder, counted: readonly CountedHour[]): Write<void> {
  const stored = yield* lockedKeys(statements, [...new Set(counted.map(({ apiKeyId }) => apiKeyId))]);
  // One order for all processes: two that add to the same rows must not deadlock.
  const hours = counted.filter(({ apiKeyId }) => stored.has(apiKeyId)).sort(byKeyAndTime);
  if (hours.length === 0) return;
  const { apiKeyUsageDays, apiKeyUsageHours } = statements.tables;
  yield adding(statements, apiKeyUsageHours, hours);
  yield adding(statements, apiKeyUsageDays, daysOf(hours));
}

/** Those of these keys that are stored; none of them is removed before the transaction ends. */
function* lockedKeys(statements: StatementBuilder, ids: readonly string[]): Write<ReadonlySet<string>> {
  const parameters = statements.parameters();
  const lock = statements.dialect === 'postgres' ? ' ORDER BY id FOR KEY SHARE' : '';
  const text = `SELECT id FROM ${statements.tables.apiKeys} WHERE id ${among(parameters, ids)}${lock}`;
  const rows = yield { text, values: parameters.values };
  return new Set(Array.from(rows, ({ id }) => id as string));
}

/** Each day of a key once: PostgreSQL changes no row twice in one statement. */
function daysOf(hours: readonly CountedHour[]): readonly CountedHour[] {
  const days = new Map<string, CountedHour>();
  for (const hour of hours) {
    const startsAt = Math.floor(hour.startsAt.getTime() / DAY_MS) * DAY_MS;
    const key = `${hour.apiKeyId} ${startsAt}`;
    const known = days.get(key);
    const totals = known === undefined ? hour : sumOf([known, hour]);
    days.set(key, { ...hour, ...totals, startsAt: new Date(startsAt) });
  }
  return [...days.values()];
}

function adding(statements: StatementBuilder, table: string, rows: readonly CountedHour[]): Statement {
  const parameters = statements.parameters();
  let source: string;
  if (statements.dialect === 'postgres') {
    const arrays = [
      parameters.mark(
        rows.map(({ apiKeyId }) => apiKeyId),
        'uuid[]',
      ),
      parameters.mark(
        rows.map(({ startsAt }) => startsAt),
        'timestamptz[]',
      ),
      parameters.mark(
        rows.map(({ organizationId }) => organizationId),
        'uuid[]',
      ),
      ...USAGE_OUTCOMES.map((outcome) =>
        parameters.mark(
          rows.map((row) => row[outcome]),
          'bigint[]',
        ),
      ),
    ];
    source = `SELECT * FROM unnest(${arrays.join(', ')}) AS counted (api_key_id, starts_at, organization_id, ${COUNTS.join(', ')}) ORDER BY api_key_id, starts_at`;
  } else {
    const values = rows.map(({ apiKeyId, startsAt, organizationId, ...totals }) => [
      apiKeyId,
      toSqliteInstant(startsAt),
      organizationId,
      ...USAGE_OUTCOMES.map((outcome) => totals[outcome]),
    ]);
    const columns = Array.from({ length: 3 + COUNTS.length }, (_, at) => `value ->> ${at}`);
    // SQLite wants the WHERE, lest ON belongs to the FROM.
    source = `SELECT ${columns.join(', ')} FROM json_each(${parameters.mark(JSON.stringify(values), 'text')}) WHERE true`;
  }
  const added = COUNTS.map((column) => `${column} = stored.${column} + excluded.${column}`);
  const text =
    `INSERT INTO ${table} AS stored (api_key_id, starts_at, organization_id, ${COUNTS.join(', ')}) ${source} ` +
    `ON CONFLICT (api_key_id, starts_at) DO UPDATE SET ${added.join(', ')}`;
  return { text, values: parameters.values };
}

function byKeyAndTime(one: CountedHour, other: CountedHour): number {
  if (one.apiKeyId !== other.apiKeyId) return one.apiKeyId < other.apiKeyId ? -1 : 1;
  return one.startsAt.getTime() - other.startsAt.getTime();
}
