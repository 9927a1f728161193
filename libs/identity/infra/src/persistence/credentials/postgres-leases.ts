import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { GUARDED_TABLES } from '../migrations/1764700000000-expand-identity-credential-leases.js';
import { DatabaseNotReadyError } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { PostgresSession, withTimeout } from '../sql/postgres-session.js';
import type { Statement } from '../sql/sql.js';
import {
  CHANNEL,
  COMPLETE_ID,
  CONFIRMED_FOR_EVER,
  GUARD_LOCK,
  GUARD_TRIGGER,
  HOLDER_LOCK,
} from '../tables/credential-leases.js';
import { tableNamesOf } from '../tables/tables.js';
import type {
  BarrierDatabase,
  HolderState,
  LeaseClocks,
  LeaseConnection,
  LeaseDatabase,
  LeaseNotification,
  Renewal,
} from './lease-protocol.js';

/** How long an instance waits for an answer on the connection of its lease, in milliseconds. */
const ANSWER_MS = 1500;

/** The clocks of this process. Its sleep keeps no process alive. */
export const PROCESS_CLOCKS: LeaseClocks = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds).unref();
    }),
};

/** Statements about the table of leases of one data source. */
export class LeaseStatements {
  readonly table: string;
  /** SQL for the oid of the table, which the channel and the locks are named by. */
  readonly oid: string;
  readonly announce: string;
  readonly behind: string;
  readonly evict: string;
  /** Keeps leases from being renewed until the transaction ends. */
  readonly withhold: string;
  /** Has all instances renew at once, and so find that they may not. */
  readonly release: string;
  /** What keeps changes from being announced, one `fault` a row. */
  readonly faults: Statement;
  /** The leases, and the connections of instances that keep them. */
  readonly holders: string;

  constructor(dataSource: DataSource) {
    const names = tableNamesOf(dataSource);
    const { credentialLeases } = names;
    this.table = credentialLeases;
    this.oid = `'${credentialLeases}'::regclass::oid`;
    this.announce =
      `SELECT txid_current()::text AS version, pg_notify('${CHANNEL}' || ${this.oid}, 'v' || txid_current()) ` +
      `WHERE NOT EXISTS (SELECT FROM ${this.table} WHERE id = '${COMPLETE_ID}') ` +
      `OR EXISTS (SELECT FROM ${this.table} WHERE confirmed < ${CONFIRMED_FOR_EVER})`;
    // The table was emptied: leases may be missing in it until a whole lease has passed.
    this.behind =
      `SELECT id::text, renewals::text FROM ${this.table} WHERE confirmed < $1 UNION ALL ` +
      `SELECT '${COMPLETE_ID}', '' WHERE NOT EXISTS (SELECT FROM ${this.table} WHERE id = '${COMPLETE_ID}')`;
    this.withhold = `SELECT pg_advisory_xact_lock_shared((${GUARD_LOCK}::bigint << 32) | ${this.oid}::bigint)`;
    this.release = `SELECT pg_notify('${CHANNEL}' || ${this.oid}, 'release')`;
    this.faults = {
      text:
        `SELECT CASE WHEN tgname IS NULL THEN format('The table %s has no trigger %s', guarded, name) ` +
        "ELSE format('A trigger is disabled: ALTER TABLE %s ENABLE ALWAYS TRIGGER %s', guarded, name) END AS fault " +
        'FROM unnest($1::text[]) AS guarded CROSS JOIN unnest($2::text[]) AS name ' +
        "LEFT JOIN pg_trigger ON tgrelid = guarded::regclass AND tgname = name WHERE tgenabled IS DISTINCT FROM 'A' " +
        `UNION ALL SELECT 'A crash must empty the table of leases: ALTER TABLE ${this.table} SET UNLOGGED' ` +
        `FROM pg_class WHERE oid = ${this.oid} AND relpersistence <> 'u' ORDER BY fault`,
      values: [
        GUARDED_TABLES.map((table) => names[table]),
        ['update', 'delete'].map((event) => `${GUARD_TRIGGER}_${event}`),
      ],
    };
    this.holders =
      'SELECT count(*)::int AS leases, max(renewals)::text AS renewals, (SELECT count(*)::int FROM pg_locks ' +
      `WHERE locktype = 'advisory' AND classid = ${HOLDER_LOCK} AND objid = ${this.oid} ` +
      'AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS connections ' +
      `FROM ${this.table} WHERE confirmed < ${CONFIRMED_FOR_EVER} AND id <> '${COMPLETE_ID}'`;
    this.evict =
      "WITH dead AS (SELECT id, nullif(renewals, '')::bigint AS renewals FROM unnest($1::uuid[], $2::text[]) AS dead (id, renewals)), " +
      `completed AS (INSERT INTO ${this.table} AS lease SELECT id, 0, ${CONFIRMED_FOR_EVER} FROM dead WHERE id = '${COMPLETE_ID}' ` +
      'ON CONFLICT (id) DO UPDATE SET confirmed = excluded.confirmed ' +
      `WHERE lease.renewals = (SELECT renewals FROM dead WHERE id = '${COMPLETE_ID}')) ` +
      `DELETE FROM ${this.table} AS lease USING dead ` +
      `WHERE lease.id = dead.id AND lease.renewals = dead.renewals AND lease.id <> '${COMPLETE_ID}'`;
  }
}

function evictionOf(holders: readonly HolderState[]): unknown[] {
  return [holders.map(({ id }) => id), holders.map(({ renewals }) => renewals)];
}

/** The leases on the credentials of one PostgreSQL database at the moment. */
export interface HeldLeases {
  /** Instances that hold a lease. */
  readonly held: number;
  /** How often the longest-standing lease was renewed, which is about once a second; null without one. */
  readonly mostRenewals: number | null;
  /** Leases of instances that were killed or cut off. The next change waits for them, for 3 seconds at most. */
  readonly abandoned: number;
  /** What keeps changes from being announced. Instances take no lease while there is one. */
  readonly faults: readonly string[];
}

/**
 * Looks at the leases on the credentials of a database, without a clock.
 *
 * @param dataSource - initialized, for PostgreSQL
 */
export async function readHeldLeases(dataSource: DataSource): Promise<HeldLeases> {
  const pool = PostgresPool.of(dataSource);
  const statements = new LeaseStatements(dataSource);
  const faults = await pool.query<{ fault: string }>(statements.faults);
  const [row] = await pool.query<{ leases: number; renewals: string | null; connections: number }>({
    text: statements.holders,
    values: [],
  });
  const { leases, renewals, connections } = row ?? { leases: 0, renewals: null, connections: 0 };
  return {
    held: Math.min(leases, connections),
    mostRenewals: renewals === null ? null : Number(renewals),
    abandoned: Math.max(0, leases - connections),
    faults: faults.map(({ fault }) => fault),
  };
}

/** The leases as a write sees them, by the connections of the pool. */
export class PostgresBarrierDatabase implements BarrierDatabase {
  readonly #pool: PostgresPool;
  #statements: LeaseStatements | undefined;

  constructor(private readonly dataSource: DataSource) {
    this.#pool = PostgresPool.of(dataSource);
  }

  async announce(): Promise<number | undefined> {
    const [announced] = await this.#pool.queryPrepared<{ version: string }>({
      text: this.statements.announce,
      values: [],
    });
    return announced && Number(announced.version);
  }

  behind(version: number): Promise<HolderState[]> {
    return this.#pool.queryPrepared<HolderState>({ text: this.statements.behind, values: [version] });
  }

  async evict(holders: readonly HolderState[]): Promise<void> {
    await this.#pool.query({ text: this.statements.evict, values: evictionOf(holders) });
  }

  private get statements(): LeaseStatements {
    return (this.#statements ??= new LeaseStatements(this.dataSource));
  }
}

/** The leases as an instance that holds one sees them, by a connection of its own beside the pool. */
export class PostgresLeaseDatabase implements LeaseDatabase {
  constructor(private readonly dataSource: DataSource) {}

  async connect(
    hear: (notification: LeaseNotification) => void,
    onEnd: (reason: unknown) => void,
  ): Promise<LeaseConnection> {
    const connection = new PostgresLeaseConnection(
      PostgresPool.of(this.dataSource).newClient(),
      new LeaseStatements(this.dataSource),
      onEnd,
    );
    try {
      await connection.open(hear);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }
}

class PostgresLeaseConnection implements LeaseConnection {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly statements: LeaseStatements,
    private readonly onEnd: (reason: unknown) => void,
  ) {}

  async open(hear: (notification: LeaseNotification) => void): Promise<void> {
    const { client, statements } = this;
    client.on('error', this.onEnd);
    client.on('end', () => {
      this.onEnd(new Error('The connection of the lease was closed.'));
    });
    client.on('notification', ({ payload = '' }) => {
      hear(notificationOf(payload));
    });
    await withTimeout(ANSWER_MS, client.connect());
    const session = PostgresSession.of(client);
    await session.check('SET DateStyle TO ISO; ');
    session.unref();
    if (session.isPooled && (await session.currentBackend()) !== session.backend) throw sharedSession();
    const [fault] = await this.query<{ fault: string }>(statements.faults.text, statements.faults.values);
    if (fault !== undefined) throw new DatabaseNotReadyError(`${fault.fault}.`);
    // Of the session: transactions that do not see the row of the lease see this.
    await this.query(`SELECT pg_advisory_lock_shared((${HOLDER_LOCK}::bigint << 32) | ${statements.oid}::bigint)`);
    const [table] = await this.query<{ oid: string }>(`SELECT ${statements.oid}::text AS oid`);
    await this.query(`LISTEN "${CHANNEL}${table?.oid ?? ''}"`);
  }

  async register(id: string): Promise<void> {
    const { table } = this.statements;
    // Where the table was emptied, the row that will complete it is one that nobody has watched before.
    await this.query(
      `WITH incomplete AS (INSERT INTO ${table} VALUES ('${COMPLETE_ID}', (random() * 1e15)::bigint + 1, 0) ON CONFLICT DO NOTHING) ` +
        `INSERT INTO ${table} VALUES ($1, 0, txid_current())`,
      [id],
    );
  }

  async renew(id: string): Promise<Renewal> {
    const { table, oid } = this.statements;
    const rows = await this.query<HolderState & { renewed: boolean; blocked: boolean }>(
      `WITH renewed AS (UPDATE ${table} SET renewals = renewals + 1 WHERE id = $1 RETURNING id) ` +
        'SELECT id::text, renewals::text, EXISTS (SELECT FROM renewed) AS renewed, ' +
        `EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${GUARD_LOCK} AND objid = ${oid} ` +
        'AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS blocked ' +
        `FROM ${table} WHERE confirmed < ${CONFIRMED_FOR_EVER}`,
      [id],
      'feather_renew_lease',
    );
    return { isRegistered: rows[0]?.renewed === true, isBlocked: rows[0]?.blocked === true, holders: rows };
  }

  async confirm(id: string, version: number): Promise<boolean> {
    const confirmed = await this.query(
      `UPDATE ${this.statements.table} SET confirmed = $2 WHERE id = $1 RETURNING id`,
      [id, version],
      'feather_confirm_version',
    );
    return confirmed.length === 1;
  }

  async evict(holders: readonly HolderState[]): Promise<void> {
    await this.query(this.statements.evict, evictionOf(holders));
  }

  async close(id: string): Promise<void> {
    // A statement that was not answered is still under way.
    if (!PostgresSession.of(this.client).isIdle) {
      this.destroy();
      return;
    }
    try {
      await this.query(`DELETE FROM ${this.statements.table} WHERE id = $1`, [id]);
      await withTimeout(ANSWER_MS, this.client.end());
    } catch {
      this.destroy();
    }
  }

  /** Without a word to the server. */
  destroy(): void {
    PostgresSession.of(this.client).destroy();
  }

  /** One statement at a time: node-postgres will not queue them any more. */
  private async query<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<Row[]> {
    const statement = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    const answer = this.#last.then(() => PostgresSession.of(this.client).query<Row>(statement, ANSWER_MS));
    this.#last = answer.catch(() => undefined);
    return (await answer).rows;
  }
}

function notificationOf(payload: string): LeaseNotification {
  if (payload === 'release') return payload;
  return payload.startsWith('v') ? { version: Number(payload.slice(1)) } : { changed: payload };
}

function sharedSession(): DatabaseNotReadyError {
  return new DatabaseNotReadyError(
    'A pooler in front of PostgreSQL shares sessions between clients, but leases need a session of their own.',
  );
}
