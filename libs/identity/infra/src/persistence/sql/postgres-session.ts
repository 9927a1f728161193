import type { ClientBase, QueryConfig, QueryResult } from 'pg';
import { DatabaseNotReadyError, DatabaseTimeoutError } from './errors.js';

/** How long the check of a new connection may take, in milliseconds. */
const CHECK_MS = 2000;

/** Values as text, since the application may have replaced the parsers of other types. */
const CHECK =
  "SELECT pg_is_in_recovery()::text AS standby, current_setting('transaction_read_only') AS read_only, " +
  "current_setting('DateStyle') AS date_style, pg_backend_pid()::text AS pid";

/** The function of PostgreSQL that names itself in the warning that a commit was acknowledged without its standby. */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN';

type Answer = Readonly<Record<'standby' | 'read_only' | 'date_style' | 'pid', string>>;

/** Fields of node-postgres that its types do not declare (8.0 to 8.23 at least). */
interface Internals {
  /** Undefined with pg-native. */
  readonly connection?: {
    readonly stream: { destroy(): void; unref(): void };
    on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): void;
    on(
      event: 'parameterStatus',
      listener: (message: { readonly parameterName: string; readonly parameterValue: string }) => void,
    ): void;
  };
  /** False from the moment a statement is sent until the server is ready for the next. */
  readonly readyForQuery?: boolean;
  /** The session's process, as the server or a pooler in front of it says. */
  readonly processID?: number | null;
}

const sessions = new WeakMap<ClientBase, PostgresSession>();

/** The state of a session with a PostgreSQL server, read from the messages of its connection. */
export class PostgresSession {
  readonly #internals: Internals;
  /** I: idle, T: in a transaction, E: in a failed one (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
  #transactionStatus: string | undefined;
  #isChecked = false;
  #isStandby = false;
  #isReadOnly = false;
  #isUnreplicated = false;
  #dateStyle = '';
  #backend = '';

  private constructor(private readonly client: ClientBase) {
    this.#internals = client as Internals;
    const { connection } = this.#internals;
    client.on('notice', ({ routine }) => {
      this.#isUnreplicated ||= routine === WAIT_FOR_STANDBY;
    });
    connection?.on('readyForQuery', ({ status }) => {
      this.#transactionStatus = status;
    });
    // PostgreSQL 14 and later report these with the next answer after a change: no statement is needed to learn of it.
    connection?.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'in_hot_standby') this.#isStandby = parameterValue === 'on';
      if (parameterName === 'default_transaction_read_only') this.#isReadOnly = parameterValue === 'on';
      if (parameterName === 'DateStyle') this.#dateStyle = parameterValue;
    });
  }

  /** The session of a connection, the same one for as long as the connection lives. */
  static of(client: ClientBase): PostgresSession {
    const known = sessions.get(client);
    if (known !== undefined) return known;
    const session = new PostgresSession(client);
    sessions.set(client, session);
    return session;
  }

  /** Whether nothing is under way: no statement, no transaction. */
  get isIdle(): boolean {
    return this.isReady && this.#transactionStatus === 'I';
  }

  /** Whether a statement that is sent now is the next to run. */
  get isReady(): boolean {
    return this.#internals.readyForQuery === true;
  }

  /** Whether something between us and the server, such as pgbouncer, answers for it. */
  get isPooled(): boolean {
    return String(this.#internals.processID) !== this.#backend;
  }

  /** The server's process that must serve this session until it ends. */
  get backend(): string {
    return this.#backend;
  }

  /** Whether keys may be looked up and written in this session. */
  get isUsable(): boolean {
    return this.refusal === undefined;
  }

  private get refusal(): string | undefined {
    if (this.#internals.connection === undefined) {
      return 'pg-native does not tell whether a transaction is open. Uninstall it, so that pg is used without it.';
    }
    if (this.#isStandby) {
      return 'PostgreSQL is a standby, which may not know the latest revocations. Connect to the primary.';
    }
    if (this.#isReadOnly) {
      return (
        'PostgreSQL accepts reads only (transaction_read_only = on). Connect to the primary, or set ' +
        'default_transaction_read_only = off.'
      );
    }
    if (this.#isUnreplicated) {
      return (
        'The wait of a commit for a synchronous standby was cancelled (pg_cancel_backend): the change is lost if the ' +
        'primary fails now.'
      );
    }
    if (this.#dateStyle.startsWith('ISO')) return undefined;
    return (
      `PostgreSQL writes dates in another style than ISO (DateStyle = ${this.#dateStyle}). Set DateStyle to ISO for ` +
      'the role, the database or the connections of the pool.'
    );
  }

  private assertUsable(): void {
    const { refusal } = this;
    if (refusal !== undefined) throw new DatabaseNotReadyError(refusal);
  }

  /** As `check`, which runs no statement once it has passed. */
  async prepare(): Promise<void> {
    if (this.#isChecked) this.assertUsable();
    else await this.check();
  }

  /**
   * Looks at the server, after the statements of `setUp`.
   *
   * @throws `DatabaseNotReadyError` where keys must not be looked up or written in this session.
   */
  async check(setUp = ''): Promise<void> {
    const answers: QueryResult<Answer> | QueryResult<Answer>[] = await withTimeout(
      CHECK_MS,
      this.client.query<Answer>(setUp + CHECK),
    );
    const answer = [answers].flat().at(-1)?.rows[0];
    if (answer === undefined) throw new Error('PostgreSQL did not report its state.');
    this.#isStandby = answer.standby === 'true';
    this.#isReadOnly = answer.read_only === 'on';
    this.#dateStyle = answer.date_style;
    this.#backend = answer.pid;
    this.#isChecked = true;
    this.assertUsable();
  }

  /** The connection keeps this process alive no longer. */
  unref(): void {
    this.#internals.connection?.stream.unref();
  }

  /** Closes the connection without a word to the server, which may not answer any more. */
  destroy(): void {
    this.#internals.connection?.stream.destroy();
  }

  /** The process of the server that serves this session at the moment. */
  async currentBackend(): Promise<string> {
    const text = 'SELECT pg_backend_pid()::text AS pid';
    const { rows } = await withTimeout(CHECK_MS, this.client.query<Pick<Answer, 'pid'>>(text));
    return rows[0]?.pid ?? '';
  }

  /**
   * Runs a statement.
   *
   * @throws `DatabaseTimeoutError`, and `DatabaseNotReadyError` where the server has become unusable.
   */
  async query<Row extends object>(config: QueryConfig, milliseconds: number): Promise<QueryResult<Row>> {
    const result = await withTimeout(milliseconds, this.client.query<Row>(config));
    this.assertUsable();
    return result;
  }
}

/**
 * Settles like the promise if that settles in time; otherwise rejects with `DatabaseTimeoutError` and ignores what the
 * promise does later.
 */
export function withTimeout<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // Node.js 24 and later warn of timers in the past.
    const left = Math.max(0, milliseconds);
    const timer = setTimeout(() => {
      // Sockets are read before immediates run: an answer that came while this process was busy still counts.
      setImmediate(() => {
        reject(new DatabaseTimeoutError());
      });
    }, left);
    const stop = () => {
      clearTimeout(timer);
    };
    promise.then(stop, stop);
    promise.then(resolve, reject);
  });
}
