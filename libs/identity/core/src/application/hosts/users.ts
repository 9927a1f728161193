import { type Actor, memberActor, SYSTEM } from '../../domain/actor.js';
import { isStorableText } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { ListedMember, Member } from '../../domain/member.js';
import type { FindMember } from '../members/find-member.js';
import type { RequestOrigin } from '../keys/grantor.js';
import { assertOrganizationId } from './argument-checks.js';

/** Where a request came from, for the audit log. Default of each: null. */
export type UserOrigin = Partial<RequestOrigin>;

/** A user of the application. Each text has 1 to 255 characters. */
export interface KeyUser {
  /** The user's id in the application; unique within the organization. */
  readonly externalId: string;
  /** Default: unchanged; null for a new user. */
  readonly email?: string | null | undefined;
  /** Default: unchanged; null for a new user. */
  readonly name?: string | null | undefined;
  /** Default: unchanged; `org:member` for a new user. */
  readonly role?: string | undefined;
}

/** A user as the library keeps it. */
export interface StoredUser {
  /** The user's id in the application. */
  readonly externalId: string;
  /** The library's own id (UUIDv7): `memberId` of the user's keys, and in the audit log. */
  readonly memberId: string;
  readonly email: string | null;
  readonly name: string | null;
  /** Such as `org:member`. */
  readonly role: string;
  readonly createdAt: Date;
  /** Since when all keys of the user are refused; null while they are accepted. */
  readonly disabledAt: Date | null;
}

/** The actor, for the audit log. */
export interface ActingUser {
  /** The acting user, by its id in the application. Default: the application itself. */
  readonly by?: string | undefined;
  /** The request that caused it. Default: none is recorded. */
  readonly origin?: UserOrigin | undefined;
}

/** What an application sees of a member. */
export function toStoredUser(member: Member): StoredUser {
  const { id: memberId, externalId, email, displayName: name, role, createdAt, disabledAt } = member;
  return { externalId, memberId, email, name, role, createdAt, disabledAt };
}

/** The member that stands for a user; null if there is none yet. Throws `organization.not_found` for an id that is none. */
export async function findUser(
  findMember: FindMember,
  organizationId: string,
  externalId: string,
): Promise<ListedMember | null> {
  assertOrganizationId(organizationId);
  // What no database stores, no user has.
  return isStorableText(externalId) ? findMember.byExternalId(organizationId, externalId) : null;
}

/** The same. Throws `member.not_found` where there is none. */
export async function requireUser(
  findMember: FindMember,
  organizationId: string,
  externalId: string,
): Promise<ListedMember> {
  const member = await findUser(findMember, organizationId, externalId);
  if (member === null) throw new IdentityError('member.not_found', 'No such user.');
  return member;
}

/** What the audit log records of a request. */
export function fromOrigin({ requestId = null, sourceAddress = null }: UserOrigin = {}): RequestOrigin {
  return { requestId, sourceAddress };
}

/** Who is recorded in the audit log. Throws `member.not_found`, and `member.disabled`: such a user may do nothing. */
export async function actorOf(
  findMember: FindMember,
  organizationId: string,
  { by, origin }: ActingUser,
): Promise<Actor> {
  if (by === undefined) return { ...SYSTEM, ...fromOrigin(origin) };
  const member = await requireUser(findMember, organizationId, by);
  if (member.disabledAt !== null) throw new IdentityError('member.disabled', 'The user is disabled.');
  return memberActor(member, fromOrigin(origin));
}
