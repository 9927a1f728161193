import type { Member } from '@feather-identity/core';
import type { MemberRow } from '../rows/member.row.js';

/** The entity of a row. */
export function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    organizationId: row.organizationId,
    externalId: row.externalId,
    email: row.email,
    displayName: row.displayName,
    role: row.role,
    createdAt: row.createdAt,
  };
}

/** The row of an entity. */
export function toMemberRow(member: Member): MemberRow {
  return {
    id: member.id,
    organizationId: member.organizationId,
    externalId: member.externalId,
    email: member.email,
    displayName: member.displayName,
    role: member.role,
    createdAt: member.createdAt,
  };
}
