import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from '../dialect.js';

/** A row of `members`. */
export class MemberRow {
  id!: string;
  organizationId!: string;
  externalId!: string;
  email!: string | null;
  displayName!: string | null;
  role!: string;
  createdAt!: Date;
}

/** How `MemberRow` is stored. */
export function memberSchema(types: ColumnTypes): EntitySchema<MemberRow> {
  return new EntitySchema<MemberRow>({
    name: 'MemberRow',
    target: MemberRow,
    tableName: 'members',
    columns: {
      id: { type: types.id, primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
      externalId: { type: 'text', name: 'external_id' },
      email: { type: 'text', nullable: true },
      displayName: { type: 'text', name: 'display_name', nullable: true },
      role: { type: 'text' },
      createdAt: { type: types.instant, name: 'created_at' },
    },
  });
}
