import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { CredentialSnapshot, CredentialSource } from './credential-loader.js';
import { type CredentialRow, credentialStatement, toCredential } from './credential-row.js';

/** Reads rows on every call, by a statement that each connection of the pool prepares once under its name. */
export class PostgresCredentialSource implements CredentialSource {
  readonly #statement = {
    name: 'feather_find_credentials',
    text: credentialStatement('= ANY($1)'),
    rowMode: 'array' as const,
  };
  queries = 0;

  constructor(private readonly dataSource: DataSource) {}

  async snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot> {
    const values = [[...new Set(keyPrefixes)]];
    this.queries += 1;
    this.dataSource.logger.logQuery(this.#statement.text, values);
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool;
    const { rows } = await pool.query<[...CredentialRow<Date>]>({ ...this.#statement, values });
    const byKeyPrefix = new Map(rows.map((row) => [row[1], row]));
    return (keyPrefix) => {
      const row = byKeyPrefix.get(keyPrefix);
      return row === undefined ? null : toCredential(row, asDate);
    };
  }
}

/** node-postgres has parsed it. */
function asDate(instant: Date): Date {
  return instant;
}
