import type { ListedMember, Member } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `members`. */
export class MemberRow {
  id!: string;
  organizationId!: string;
  externalId!: string;
  email!: string | null;
  displayName!: string | null;
  role!: string;
  createdAt!: Date;
  disabledAt!: Date | null;
  /** Null before the first change. */
  updatedAt!: Date | null;
}

/** How `MemberRow` is stored. */
export function memberSchema({ types, placedIn }: TableOptions): EntitySchema<MemberRow> {
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
      disabledAt: { type: types.instant, name: 'disabled_at', nullable: true },
      updatedAt: { type: types.instant, name: 'updated_at', nullable: true },
    },
  });
}

/** The entity of a row. */
export function toMember(row: Omit<MemberRow, 'updatedAt'>): Member {
  return {
    id: row.id,
    organizationId: row.organizationId,
    externalId: row.externalId,
    email: row.email,
    displayName: row.displayName,
    role: row.role,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
  };
}

/** The entity of a row, as lists show it. */
export function toListedMember(row: MemberRow): ListedMember {
  return { ...toMember(row), updatedAt: row.updatedAt ?? row.createdAt };
}

/** The row of an entity. */
export function toMemberRow(member: Member): Omit<MemberRow, 'updatedAt'> {
  return {
    id: member.id,
    organizationId: member.organizationId,
    externalId: member.externalId,
    email: member.email,
    displayName: member.displayName,
    role: member.role,
    createdAt: member.createdAt,
    disabledAt: member.disabledAt,
  };
}
