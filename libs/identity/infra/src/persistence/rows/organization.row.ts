import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from '../dialect.js';

/** A row of `organizations`. */
export class OrganizationRow {
  id!: string;
  name!: string;
  createdAt!: Date;
  disabledAt!: Date | null;
}

/** How `OrganizationRow` is stored. */
export function organizationSchema(types: ColumnTypes): EntitySchema<OrganizationRow> {
  return new EntitySchema<OrganizationRow>({
    name: 'OrganizationRow',
    target: OrganizationRow,
    tableName: 'organizations',
    columns: {
      id: { type: types.id, primary: true },
      name: { type: 'text' },
      createdAt: { type: types.instant, name: 'created_at' },
      disabledAt: { type: types.instant, name: 'disabled_at', nullable: true },
    },
  });
}
