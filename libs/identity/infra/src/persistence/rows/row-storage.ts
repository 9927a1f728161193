import type { EntitySchemaOptions } from 'typeorm';
import type { ColumnTypes } from '../dialect.js';

/** How and where rows are stored. Each column has its name written down: the application's naming strategy makes the others. */
export interface RowStorage {
  readonly types: ColumnTypes;
  /** What an `EntitySchema` says of the table that is ours by this name. */
  readonly placedIn: (table: string) => Pick<EntitySchemaOptions<unknown>, 'tableName' | 'schema' | 'synchronize'>;
}
