import type { Client, Pool, PoolClient, PoolConfig, QueryConfig, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { codeOf, DatabaseNotReadyError, DatabaseTimeoutError, isUnreachable, storageUnavailable } from './errors.js';
import { PostgresSession, withTimeout } from './postgres-session.js';
import { AWAITS } from '../tables/credential-leases.js';
import type { RawRow, Statement } from './sql.js';

/** How long a request waits for PostgreSQL, in milliseconds. */
interface PostgresLimits {
  /**
   * For a credential, including the wait for a connection. Then the request gets 503, within a second of its arrival.
   */
  lookUp: number;
  /** For any other statement, and for a connection before the first one. */
  statement: number;
}

/** How long the pool does not grow after the server had no connection left, in milliseconds. */
const CONTENT_MS = 10_000;

/** Time-outs and failed connections in a row that count as an outage. */
const OUTAGE_FAILURES = 5;

/** Time between two requests that try whether the database is back, in milliseconds. */
const TRIAL_EVERY_MS = 250;

/** SQLSTATE too_many_connections. */
const TOO_MANY_CONNECTIONS = '53300';

/**
 * Begins a transaction that the server ends when it is idle for 5 seconds: if this process freezes or the network fails,
 * its locks are released. Set here, since the pool may be the application's.
 */
const BEGIN = 'BEGIN; SET LOCAL idle_in_transaction_session_timeout = 5000';

/** Begins one that will wait after its commit until no instance answers by what it has changed. */
const BEGIN_AWAITING = `${BEGIN}; SET LOCAL ${AWAITS} = 'on'`;

const pools = new WeakMap<DataSource, PostgresPool>();

/** A statement that node-postgres prepares once in each connection if it has a name. */
type NamedStatement = Statement & Pick<QueryConfig, 'name'> & { readonly rowMode?: 'array' };

/** Runs the statements of a transaction. */
type Execute = (statement: Statement) => Promise<readonly RawRow[]>;

/**
 * Our statements on the connections that TypeORM has to PostgreSQL, which may be the application's too. After a
 * time-out TypeORM gives a connection back without having sent ROLLBACK: its next user writes into the open
 * transaction, gets an acknowledgement, and loses the write. This class uses a connection only while the server says
 * that it is idle, gives it back only when the server says so again, and closes it otherwise.
 */
export class PostgresPool {
  readonly limits: PostgresLimits = { lookUp: 800, statement: 5000 };
  readonly #breaker = new CircuitBreaker();
  readonly #names = new Map<string, string>();
  #look: Promise<void> | undefined;

  private constructor(private readonly dataSource: DataSource) {}

  /** The pool of a data source. There is one for each, so that all its users learn together that the server is away. */
  static of(dataSource: DataSource): PostgresPool {
    const known = pools.get(dataSource);
    if (known !== undefined) return known;
    const pool = new PostgresPool(dataSource);
    pools.set(dataSource, pool);
    return pool;
  }

  /** Runs a statement as a transaction of its own, which is committed when this resolves. */
  query<Row extends object = RawRow>(statement: NamedStatement, milliseconds = this.limits.statement): Promise<Row[]> {
    return this.onConnection(milliseconds, async (session, remaining) => {
      const { rows } = await this.ask<Row>(session, statement, remaining);
      if (!session.isIdle) throw storageUnavailable({ cause: new Error('The statement ran in an open transaction.') });
      return rows;
    });
  }

  /** As `query`, for one of a few texts with all values among the parameters: each connection prepares it once. */
  queryPrepared<Row extends object = RawRow>({ text, values }: Statement, milliseconds?: number): Promise<Row[]> {
    const name = this.#names.get(text) ?? `feather_${this.#names.size}`;
    this.#names.set(text, name);
    return this.query<Row>({ name, text, values }, milliseconds);
  }

  /**
   * Runs `work` in a transaction, which is committed when this resolves. If it rejects, a COMMIT may still be under way.
   *
   * @param awaitsLeases - whether the caller waits afterwards until every lease has confirmed the change. Otherwise the
   * database waits before the commit where the transaction changes credentials
   */
  transaction<T>(work: (execute: Execute) => Promise<T>, awaitsLeases = false): Promise<T> {
    return this.onConnection(this.limits.statement, async (session) => {
      const ask = (statement: Statement) => this.ask<RawRow>(session, statement, this.limits.statement);
      await ask({ text: awaitsLeases ? BEGIN_AWAITING : BEGIN, values: [] });
      try {
        const result = await work(async (statement) => (await ask(statement)).rows);
        const { command } = await ask({ text: 'COMMIT', values: [] });
        // Of a transaction that has failed, COMMIT is answered with the word ROLLBACK.
        if (command !== 'COMMIT' || !session.isIdle) throw new Error('The transaction was not committed.');
        return result;
      } catch (error) {
        if (session.isReady && !session.isIdle) await ask({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Checks the server anew. Throws `DatabaseNotReadyError` for a standby, a server that accepts reads only, and a pooler
   * that shares sessions of the server among clients.
   */
  assertUsable(): Promise<void> {
    // One look at a time: two that hold a connection each would wait for one another in a pool of two.
    this.#look ??= this.look().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  /** A connection beside the pool, not open yet, which is made as the pool makes its own. */
  newClient(): Client {
    const { Client: PoolClientClass, options } = this.pool as Pool & {
      readonly Client: new (config: PoolConfig) => Client;
    };
    return new PoolClientClass(options);
  }

  private async look(): Promise<void> {
    const milliseconds = this.limits.statement;
    await this.lease(milliseconds, async (session) => {
      await session.check();
      this.#breaker.succeed();
      if (!session.isPooled || this.pool.options.max === 1) return;
      await this.lease(milliseconds, (other) => assertOwnBackends(session, other));
    });
  }

  private async onConnection<T>(
    milliseconds: number,
    work: (session: PostgresSession, remaining: number) => Promise<T>,
  ): Promise<T> {
    if (!this.#breaker.allows()) {
      throw storageUnavailable({
        cause: new Error('PostgreSQL did not answer the last requests, and is tried again.'),
      });
    }
    return this.lease(milliseconds, work);
  }

  /** Runs `work` on an idle connection that nothing else uses meanwhile. */
  private async lease<T>(
    milliseconds: number,
    work: (session: PostgresSession, remaining: number) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const client = await this.connect(deadline);
      const session = PostgresSession.of(client);
      // Without it an error of the connection would end the process. Its statement fails with the same error.
      client.on('error', ignore);
      try {
        await session.prepare();
        // Not where somebody gave it back in the middle of a transaction or a statement.
        if (session.isIdle) return await work(session, deadline - performance.now());
      } finally {
        client.off('error', ignore);
        client.release(session.isIdle && session.isUsable ? undefined : new Error('The connection is not idle.'));
      }
    }
  }

  private async connect(deadline: number): Promise<PoolClient> {
    for (;;) {
      try {
        return await this.connectOnce(deadline - performance.now());
      } catch (error) {
        const { totalCount } = this.pool;
        if (codeOf(error) !== TOO_MANY_CONNECTIONS || totalCount === 0 || performance.now() >= deadline) throw error;
        this.beContentWith(totalCount);
      }
    }
  }

  private async connectOnce(milliseconds: number): Promise<PoolClient> {
    const connecting = this.pool.connect();
    // Whether or not somebody still waits for it.
    connecting.catch((error: unknown) => {
      if (isUnreachable(error)) this.#breaker.fail();
    });
    try {
      return await withTimeout(milliseconds, connecting);
    } catch (error) {
      if (error instanceof DatabaseTimeoutError) {
        connecting.then((client) => {
          this.#breaker.succeed();
          client.release();
        }, ignore);
      }
      throw error;
    }
  }

  /** Requests wait for the connections that there are, instead of failing with one that the server refuses. */
  private beContentWith(connections: number): void {
    const { options } = this.pool;
    const { max } = options;
    options.max = Math.min(max, connections);
    setTimeout(() => {
      options.max = Math.max(max, options.max);
    }, CONTENT_MS).unref();
  }

  private async ask<Row extends object>(
    session: PostgresSession,
    statement: NamedStatement,
    milliseconds: number,
  ): Promise<QueryResult<Row>> {
    this.dataSource.logger.logQuery(statement.text, [...statement.values]);
    try {
      const result = await session.query<Row>({ ...statement, values: [...statement.values] }, milliseconds);
      this.#breaker.succeed();
      return result;
    } catch (error) {
      if (error instanceof DatabaseTimeoutError) this.#breaker.fail();
      else if (!isUnreachable(error)) this.#breaker.succeed();
      throw error;
    }
  }

  private get pool(): Pool {
    const master = (this.dataSource.driver as PostgresDriver).master as Pool | undefined;
    if (master === undefined) throw storageUnavailable({ cause: new Error('The data source is not initialized.') });
    return master;
  }
}

/** Throws unless each of two open sessions is served by a process of its own, and by the same one as before. */
async function assertOwnBackends(session: PostgresSession, other: PostgresSession): Promise<void> {
  const backends = [await other.currentBackend(), await session.currentBackend()];
  const isShared = session.backend === other.backend;
  if (!isShared && backends[0] === other.backend && backends[1] === session.backend) return;
  throw new DatabaseNotReadyError(
    'The pooler in front of PostgreSQL gives one session to several clients in turns (pgbouncer: pool_mode = ' +
      'transaction or statement). Set pool_mode = session, or connect without the pooler.',
  );
}

function ignore(): void {
  return undefined;
}

/** Remembers that a database is away, so that each request need not wait for its own time-out. */
class CircuitBreaker {
  #failures = 0;
  #nextTrialAt = 0;

  /** Whether a request may use the database. During an outage one request may every 250 ms, as a trial. */
  allows(): boolean {
    if (this.#failures < OUTAGE_FAILURES) return true;
    const now = performance.now();
    if (now < this.#nextTrialAt) return false;
    this.#nextTrialAt = now + TRIAL_EVERY_MS;
    return true;
  }

  /** The database has answered, with rows or a refusal: the outage is over. */
  succeed(): void {
    this.#failures = 0;
  }

  fail(): void {
    this.#failures += 1;
    if (this.#failures === OUTAGE_FAILURES) this.#nextTrialAt = performance.now() + TRIAL_EVERY_MS;
  }
}
