import type { ApiKeyCredential } from '@feather-identity/core';
import type { Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { fromSqliteInstant } from '../sql/sql.js';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { SqliteHealth } from '../sql/sqlite-health.js';
import {
  credentialReader,
  type CredentialRow,
  type CredentialSnapshot,
  type CredentialSource,
  credentialStatement,
} from './credential-source.js';

/** Some 20 MB when full. */
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
export class SqliteCredentialSource implements CredentialSource {
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
