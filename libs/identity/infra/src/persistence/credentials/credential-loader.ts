import type { ApiKeyCredential } from '@feather-identity/core';
import type { Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { storageFailure } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { fromSqliteInstant } from '../sql/sql.js';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { SqliteHealth } from '../sql/sqlite-health.js';
import { dialectOf } from '../tables/columns.js';
import type { CredentialLeases } from './credential-leases.js';
import {
  credentialReader,
  type CredentialRow,
  type CredentialSnapshot,
  type CredentialSource,
  credentialStatement,
} from './credential-source.js';

interface LookUp {
  readonly keyPrefix: string;
  readonly resolve: (credential: ApiKeyCredential | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks credentials up in batches: all requests that arrive in one turn of the event loop share one read. It runs after
 * the last of them has arrived, so that each sees everything that was committed before it arrived. Those whose credentials
 * are held in memory wait for it, too: requests that are verified right after each other cost less than requests of which
 * each is verified between the parsing of others.
 */
export class CredentialLoader {
  #waiting: LookUp[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly source: CredentialSource,
  ) {}

  get queries(): number {
    return this.source.queries;
  }

  /** As `ApiKeyRepository.findCredential`. */
  find(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return new Promise((resolve, reject) => {
      // Immediates run when all sockets that were ready have been read.
      if (this.#waiting.push({ keyPrefix, resolve, reject }) === 1) setImmediate(() => void this.load());
    });
  }

  private async load(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const batch = waiting.filter((lookUp) => !this.answerHeld(lookUp));
      if (batch.length === 0) return;
      const snapshot = await this.source.snapshot(batch.map(({ keyPrefix }) => keyPrefix));
      for (const lookUp of batch) this.answer(lookUp, snapshot);
    } catch (error) {
      for (const { reject } of waiting) reject(storageFailure(this.dataSource, error));
    }
  }

  private answerHeld({ keyPrefix, resolve }: LookUp): boolean {
    const held = this.source.held?.(keyPrefix);
    if (held !== undefined) resolve(held);
    return held !== undefined;
  }

  /** A damaged row fails its own key only. */
  private answer({ keyPrefix, resolve, reject }: LookUp, snapshot: CredentialSnapshot): void {
    try {
      resolve(snapshot(keyPrefix));
    } catch (error) {
      reject(storageFailure(this.dataSource, error));
    }
  }
}

/**
 * The loader for the database behind a data source.
 *
 * @param leases - of PostgreSQL; without them every turn of the event loop asks it
 */
export function createCredentialLoader(dataSource: DataSource, leases?: CredentialLeases): CredentialLoader {
  if (dialectOf(dataSource.options.type) !== 'postgres') {
    return new CredentialLoader(dataSource, new SqliteCredentialSource(dataSource));
  }
  const source = new PostgresCredentialSource(dataSource);
  return new CredentialLoader(dataSource, leases === undefined ? source : leases.over(source));
}

/** Rows in memory on SQLite: some 20 MB when full. */
const MAX_ROWS = 10_000;

interface Statements {
  readonly credential: Statement<[string], CredentialRow>;
  readonly dataVersion: Statement<[], number>;
  readonly totalChanges: Statement<[], number>;
  readonly toCredential: (row: CredentialRow) => ApiKeyCredential;
}

/**
 * Holds rows in memory for as long as nothing was written: `data_version` changes when any other connection commits, in
 * this process or another (https://sqlite.org/pragma.html#pragma_data_version), `total_changes` with every row that
 * this connection writes. Every snapshot asks for both; if either has changed, it forgets all rows.
 */
class SqliteCredentialSource implements CredentialSource {
  queries = 0;
  readonly #rows = new LRUCache<string, ApiKeyCredential>({ max: MAX_ROWS });
  #statements: Statements | undefined;
  #dataVersion: number | undefined;
  #totalChanges: number | undefined;

  constructor(private readonly dataSource: DataSource) {}

  async snapshot(): Promise<CredentialSnapshot> {
    const health = SqliteHealth.of(this.dataSource);
    // Before the rows in memory count: they are those of the file that the connection has open.
    health.assertDatabaseInPlace();
    const statements = (this.#statements ??= this.prepare());
    health.observe(() => {
      this.forgetWhenWritten(statements);
    });
    return (keyPrefix) => this.#rows.get(keyPrefix) ?? health.observe(() => this.read(statements, keyPrefix));
  }

  private forgetWhenWritten({ dataVersion, totalChanges }: Statements): void {
    const version = dataVersion.get();
    const changes = totalChanges.get();
    if (version === this.#dataVersion && changes === this.#totalChanges) return;
    this.#rows.clear();
    this.#dataVersion = version;
    this.#totalChanges = changes;
  }

  private read({ credential, toCredential }: Statements, keyPrefix: string): ApiKeyCredential | null {
    this.queries += 1;
    this.dataSource.logger.logQuery(credential.source, [keyPrefix]);
    const row = credential.get(keyPrefix);
    if (row === undefined) return null;
    const found = toCredential(row);
    // It is handed to many requests.
    const { secret, apiKey, organization, member } = found;
    for (const part of [secret, apiKey, organization, organization.policy, member]) Object.freeze(part);
    // What an open transaction of the application has written may yet be rolled back.
    if (!sqliteConnection(this.dataSource).inTransaction) this.#rows.set(keyPrefix, found);
    return found;
  }

  private prepare(): Statements {
    const database = sqliteConnection(this.dataSource);
    const text = credentialStatement(this.dataSource, '= ?');
    return {
      credential: database.prepare<[string], CredentialRow>(text).raw(),
      dataVersion: database.prepare<[], number>('PRAGMA data_version').pluck(),
      totalChanges: database.prepare<[], number>('SELECT total_changes()').pluck(),
      toCredential: credentialReader(this.dataSource, (instant) => fromSqliteInstant(String(instant))),
    };
  }
}

/** Reads rows on every call, by a statement that each connection of the pool prepares once under its name. */
class PostgresCredentialSource implements CredentialSource {
  #prepared: ReturnType<typeof this.prepare> | undefined;
  readonly #pool: PostgresPool;
  queries = 0;

  constructor(private readonly dataSource: DataSource) {
    this.#pool = PostgresPool.of(dataSource);
  }

  async snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot> {
    const { toCredential, ...statement } = (this.#prepared ??= this.prepare());
    const values = [[...new Set(keyPrefixes)]];
    this.queries += 1;
    const rows = await this.#pool.query<CredentialRow & object>({ ...statement, values }, this.#pool.limits.lookUp);
    const byKeyPrefix = new Map(rows.map((row) => [row[0], row]));
    return (keyPrefix) => {
      const row = byKeyPrefix.get(keyPrefix);
      return row === undefined ? null : toCredential(row);
    };
  }

  private prepare() {
    const text = credentialStatement(this.dataSource, '= ANY($1)');
    const toCredential = credentialReader(this.dataSource, asDate);
    return { name: 'feather_find_credentials', text, rowMode: 'array' as const, toCredential };
  }
}

/** node-postgres has parsed it, unless the application has put another parser in its place: no key may outlive that. */
function asDate(instant: unknown): Date {
  if (instant instanceof Date) return instant;
  throw new Error('The type parser of timestamptz does not make a Date.');
}
