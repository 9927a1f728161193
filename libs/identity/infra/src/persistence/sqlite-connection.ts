import type { Statement as PreparedStatement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { type DataSource, QueryFailedError } from 'typeorm';
import { sqliteConnection } from './sqlite-database.js';
import { SqliteHealth } from './sqlite-health.js';
import type { RawRow, Statement } from './statement.js';

/** Statements are of a few texts: values have no place in them. */
const MAX_PREPARED = 100;

/** Runs statements on the connection that TypeORM has to SQLite, past TypeORM and without a pause. */
export class SqliteConnection {
  readonly #prepared = new LRUCache<string, PreparedStatement<unknown[], RawRow>>({ max: MAX_PREPARED });

  constructor(private readonly dataSource: DataSource) {}

  /** Whether a transaction is open on the connection, whoever began it. */
  get inTransaction(): boolean {
    return sqliteConnection(this.dataSource).inTransaction;
  }

  /** Whether the connection still works with its own file. */
  get health(): SqliteHealth {
    return SqliteHealth.of(this.dataSource);
  }

  /** The rows of a statement. Logs it, and throws `QueryFailedError`, as TypeORM does. */
  execute({ text, values }: Statement): readonly RawRow[] {
    const { logger } = this.dataSource;
    const bound = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    logger.logQuery(text, bound);
    try {
      const prepared = this.prepare(text);
      if (prepared.reader) return prepared.all(...bound);
      prepared.run(...bound);
      return [];
    } catch (error) {
      const failure = error as Error;
      logger.logQueryError(failure, text, bound);
      this.health.note(failure);
      throw new QueryFailedError(text, bound, failure);
    }
  }

  private prepare(text: string): PreparedStatement<unknown[], RawRow> {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const prepared = sqliteConnection(this.dataSource).prepare<unknown[], RawRow>(text);
    this.#prepared.set(text, prepared);
    return prepared;
  }
}
