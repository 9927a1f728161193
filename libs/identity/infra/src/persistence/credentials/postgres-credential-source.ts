import type { DataSource } from 'typeorm';
import { PostgresPool } from '../sql/postgres-pool.js';
import {
  credentialReader,
  type CredentialRow,
  type CredentialSnapshot,
  type CredentialSource,
  credentialStatement,
} from './credential-source.js';

/** Reads rows on every call, by a statement that each connection of the pool prepares once under its name. */
export class PostgresCredentialSource implements CredentialSource {
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
