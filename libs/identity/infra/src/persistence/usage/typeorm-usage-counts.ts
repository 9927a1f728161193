import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ApiKeyUsage,
  type CountedHour,
  NO_USAGE,
  type OrganizationUsage,
  requestsOf,
  sumOf,
  USAGE_OUTCOMES,
  type UsageBucket,
  UsageCounts,
  type UsageOutcome,
  type UsageRange,
  type UsageTotals,
} from '@feather-identity/core';
import { toInstant } from '../api-keys/read-api-keys.js';
import { among, type RawRow, type SqlParameters } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { batchSize } from '../sql/batches.js';
import { addUsage } from './add-usage.js';
import { COLUMN_OF } from './columns.js';
import { removeUsage } from './remove-usage.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Rows that SQLite reads without a pause; the process does nothing else meanwhile. */
const ROWS_AT_ONCE = 2000;
/** How long SQLite reads until other requests have a turn, in milliseconds. */
const TURN_MS = 2;

const SUMS = USAGE_OUTCOMES.map((outcome) => `SUM(${COLUMN_OF[outcome]}) AS ${COLUMN_OF[outcome]}`).join(', ');
const REQUESTS = USAGE_OUTCOMES.map((outcome) => `SUM(${COLUMN_OF[outcome]})`).join(' + ');

/** Which rows are summed, beside the time. */
type Where = (parameters: SqlParameters) => string;

/** Sums by a text: an id, or the instant of a bucket. */
type Sums = Map<string, UsageTotals>;

/**
 * Usage in SQLite or PostgreSQL: a row for each key and hour, and for each key and day. PostgreSQL sums in one statement.
 * SQLite runs within this process: there a sum is made of parts.
 */
export class TypeOrmUsageCounts extends UsageCounts {
  constructor(private readonly storage: Storage) {
    super();
  }

  override get mostAtOnce(): number {
    return batchSize(this.storage.statements);
  }

  override async add(counted: readonly CountedHour[]): Promise<void> {
    await this.storage.write('countUsage', () => addUsage(this.storage.statements, counted));
    // Whoever adds more in a row lets others have a turn.
    await nextTurn();
  }

  override async buckets(
    organizationId: string,
    range: UsageRange,
    apiKeyIds?: readonly string[],
  ): Promise<readonly UsageBucket[]> {
    const sums: Sums = new Map();
    const bucket = this.bucketOf(range);
    if (apiKeyIds === undefined) await this.sumByTime(sums, bucket, range, ofOrganization(organizationId));
    else await this.sumOfKeys(sums, bucket, range, organizationId, apiKeyIds);
    return [...sums]
      .map(([startsAt, totals]) => ({ startsAt: new Date(startsAt), ...totals }))
      .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
  }

  override async ofKeys(
    organizationId: string,
    range: UsageRange,
    apiKeyIds: readonly string[],
  ): Promise<readonly ApiKeyUsage[]> {
    const sums: Sums = new Map();
    await this.sumOfKeys(sums, 'api_key_id', range, organizationId, apiKeyIds);
    return busiest(sums, apiKeyIds.length).map(([apiKeyId, totals]) => ({ apiKeyId, ...totals }));
  }

  override async busiestKeys(
    organizationId: string,
    range: UsageRange,
    limit: number,
  ): Promise<readonly ApiKeyUsage[]> {
    const sums: Sums = new Map();
    await this.sumByTime(sums, 'api_key_id', range, ofOrganization(organizationId), limit);
    return busiest(sums, limit).map(([apiKeyId, totals]) => ({ apiKeyId, ...totals }));
  }

  override async busiestOrganizations(range: UsageRange, limit: number): Promise<readonly OrganizationUsage[]> {
    const { organizations } = this.storage.statements.tables;
    // What is left of a deleted one is still to be removed.
    const isThere = `(SELECT deleted_at IS NULL FROM ${organizations} WHERE id = organization_id)`;
    const sums: Sums = new Map();
    await this.sumByTime(sums, 'organization_id', range, () => isThere, limit);
    return busiest(sums, limit).map(([organizationId, totals]) => ({ organizationId, ...totals }));
  }

  override async removeBefore(before: { readonly hours: Date; readonly days: Date }, limit: number): Promise<boolean> {
    return this.storage.write('countUsage', () => removeUsage(this.storage.statements, before, limit));
  }

  /** Sums all rows of a stretch of time, on SQLite bucket by bucket. */
  private async sumByTime(sums: Sums, by: string, range: UsageRange, where: Where, limit?: number): Promise<void> {
    if (this.isPostgres) {
      const most = limit === undefined ? '' : ` ORDER BY ${REQUESTS} DESC, 1 LIMIT ${limit}`;
      addTo(sums, await this.read(by, range, where, most));
      return;
    }
    const step = range.granularity === 'hour' ? HOUR_MS : DAY_MS;
    const first = Math.floor(range.from.getTime() / step) * step;
    const turns = new Turns();
    for (let at = first; at < range.to.getTime(); at += step) {
      const from = new Date(Math.max(at, range.from.getTime()));
      const to = new Date(Math.min(at + step, range.to.getTime()));
      addTo(sums, await this.read(by, { ...range, from, to }, where));
      await turns.next();
    }
  }

  /** Sums the rows of some keys, on SQLite of a few at once. */
  private async sumOfKeys(
    sums: Sums,
    by: string,
    range: UsageRange,
    organizationId: string,
    apiKeyIds: readonly string[],
  ): Promise<void> {
    const rows = (range.to.getTime() - range.from.getTime()) / (range.granularity === 'hour' ? HOUR_MS : DAY_MS);
    const atOnce = this.isPostgres ? apiKeyIds.length : Math.max(1, Math.floor(ROWS_AT_ONCE / rows));
    const turns = new Turns();
    for (let at = 0; at < apiKeyIds.length; at += atOnce) {
      const ids = apiKeyIds.slice(at, at + atOnce);
      const ofThese: Where = (parameters) =>
        // By the primary key: SQLite would read all rows of the organization.
        `api_key_id ${among(parameters, ids)} AND ${this.isPostgres ? '' : '+'}${ofOrganization(organizationId)(parameters)}`;
      addTo(sums, await this.read(by, range, ofThese));
      if (at + atOnce < apiKeyIds.length) await turns.next();
    }
  }

  private async read(by: string, { from, to, granularity }: UsageRange, where: Where, most = '') {
    const { statements } = this.storage;
    const { apiKeyUsageDays, apiKeyUsageHours } = statements.tables;
    const parameters = statements.parameters();
    const text =
      `SELECT ${by} AS summed_by, ${SUMS} FROM ${granularity === 'hour' ? apiKeyUsageHours : apiKeyUsageDays} ` +
      `WHERE ${where(parameters)} AND starts_at >= ${parameters.mark(from, 'timestamptz')} ` +
      `AND starts_at < ${parameters.mark(to, 'timestamptz')} GROUP BY 1${most}`;
    const rows = await this.storage.read({ text, values: parameters.values });
    return Array.from(rows, (row): [string, UsageTotals] => {
      const key = row['summed_by'];
      return [by.includes('starts_at') ? toInstant(key, statements.dialect).toISOString() : String(key), totalsOf(row)];
    });
  }

  private bucketOf({ granularity }: UsageRange): string {
    if (granularity !== 'month') return 'starts_at';
    return this.isPostgres ? "date_trunc('month', starts_at, 'UTC')" : "substr(starts_at, 1, 7) || '-01 00:00:00.000'";
  }

  private get isPostgres(): boolean {
    return this.storage.statements.dialect === 'postgres';
  }
}

/** Gives other requests a turn from time to time. */
class Turns {
  #since = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await nextTurn();
    this.#since = performance.now();
  }
}

function ofOrganization(organizationId: string): Where {
  return (parameters) => `organization_id = ${parameters.mark(organizationId, 'uuid')}`;
}

function addTo(sums: Sums, added: readonly (readonly [string, UsageTotals])[]): void {
  for (const [key, totals] of added) {
    const known = sums.get(key);
    sums.set(key, known === undefined ? totals : sumOf([known, totals]));
  }
}

/** A sum of PostgreSQL's is a text. */
function totalsOf(row: RawRow): UsageTotals {
  const totals: Record<UsageOutcome, number> = { ...NO_USAGE };
  for (const outcome of USAGE_OUTCOMES) totals[outcome] = Number(row[COLUMN_OF[outcome]]);
  return totals;
}

function busiest(sums: Sums, limit: number): [string, UsageTotals][] {
  return [...sums]
    .sort(([a, one], [b, other]) => requestsOf(other) - requestsOf(one) || (a < b ? -1 : 1))
    .slice(0, limit);
}
