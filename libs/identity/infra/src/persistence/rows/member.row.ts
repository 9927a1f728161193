import { EntitySchema } from 'typeorm';
import type { RowStorage } from './row-storage.js';

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
export function memberSchema({ types, placedIn }: RowStorage): EntitySchema<MemberRow> {
  return new EntitySchema<MemberRow>({
    name: 'MemberRow',
    target: MemberRow,
    ...placedIn('members'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
      externalId: { type: 'text', name: 'external_id' },
      email: { type: 'text', name: 'email', nullable: true },
      displayName: { type: 'text', name: 'display_name', nullable: true },
      role: { type: 'text', name: 'role' },
      createdAt: { type: types.instant, name: 'created_at' },
    },
  });
}
