import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from '../dialect.js';

/** The one row of `bootstrap`: its primary key lets exactly one of several first starts win. */
export class BootstrapRow {
  id!: number;
  organizationId!: string;
}

/** The only value of `BootstrapRow.id`. */
export const BOOTSTRAP_ID = 1;

/** How `BootstrapRow` is stored. */
export function bootstrapSchema(types: ColumnTypes): EntitySchema<BootstrapRow> {
  return new EntitySchema<BootstrapRow>({
    name: 'BootstrapRow',
    target: BootstrapRow,
    tableName: 'bootstrap',
    columns: {
      id: { type: 'integer', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
    },
  });
}
