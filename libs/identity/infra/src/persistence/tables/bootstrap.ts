import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** The one row of `bootstrap`: its primary key lets exactly one of several first starts win. */
export class BootstrapRow {
  id!: number;
  organizationId!: string;
}

/** The only value of `BootstrapRow.id`. */
export const BOOTSTRAP_ID = 1;

/** How `BootstrapRow` is stored. */
export function bootstrapSchema({ types, placedIn }: TableOptions): EntitySchema<BootstrapRow> {
  return new EntitySchema<BootstrapRow>({
    name: 'BootstrapRow',
    target: BootstrapRow,
    ...placedIn('bootstrap'),
    columns: {
      id: { type: 'integer', name: 'id', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
    },
  });
}
