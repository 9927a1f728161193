import type { Dialect } from './dialect.js';
import { toSqliteInstant } from './sqlite-instant.js';

/** The types of values in statements that are written by hand. */
export type SqlType = 'uuid' | 'text' | 'boolean' | 'integer' | 'timestamptz';

/** The values of a statement that is written by hand, each with a mark that its text may have in several places. */
export class SqlParameters {
  readonly #values: unknown[] = [];

  constructor(readonly dialect: Dialect) {}

  /** Adds a value and answers its mark. PostgreSQL does not infer the type of a selected parameter. */
  mark(value: unknown, type: SqlType): string {
    if (this.dialect === 'postgres') return `$${this.#values.push(value)}::${type}`;
    return `?${this.#values.push(toSqliteValue(value))}`;
  }

  /** What the driver takes; better-sqlite3 wants the values of numbered marks by their numbers. */
  get values(): unknown[] {
    if (this.dialect === 'postgres') return this.#values;
    return [Object.fromEntries(this.#values.map((value, index) => [index + 1, value]))];
  }
}

function toSqliteValue(value: unknown): unknown {
  if (value instanceof Date) return toSqliteInstant(value);
  return typeof value === 'boolean' ? Number(value) : value;
}
