import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { CredentialSnapshot, CredentialSource } from './credential-loader.js';
import { tableNamesOf } from '../table-names.js';
import { type CredentialRow, credentialStatement, toCredential } from './credential-row.js';

/** Reads rows on every call, by a statement that each connection of the pool prepares once under its name. */
export class PostgresCredentialSource implements CredentialSource {
  #prepared: ReturnType<typeof this.prepare> | undefined;
  queries = 0;

  constructor(private readonly dataSource: DataSource) {}

  async snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot> {
    const statement = (this.#prepared ??= this.prepare());
    const values = [[...new Set(keyPrefixes)]];
    this.queries += 1;
    this.dataSource.logger.logQuery(statement.text, values);
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool;
    const { rows } = await pool.query<[...CredentialRow<Date>]>({ ...statement, values });
    const byKeyPrefix = new Map(rows.map((row) => [row[1], row]));
    return (keyPrefix) => {
      const row = byKeyPrefix.get(keyPrefix);
      return row === undefined ? null : toCredential(row, asDate);
    };
  }

  private prepare() {
    const text = credentialStatement(tableNamesOf(this.dataSource), '= ANY($1)');
    return { name: 'feather_find_credentials', text, rowMode: 'array' as const };
  }
}

/** node-postgres has parsed it, unless the application has put another parser in its place: no key may outlive that. */
function asDate(instant: unknown): Date {
  if (instant instanceof Date) return instant;
  throw new Error('The type parser of timestamptz does not make a Date.');
}
