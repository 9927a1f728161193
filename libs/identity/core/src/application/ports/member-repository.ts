import type { AuditEvent } from '../../domain/audit-event.js';
import type { ListedMember, Member } from '../../domain/member.js';
import type { EndingEvents } from './api-key-repository.js';

/** Which members of an organization to list: at most `limit`, beginning after the member `after`. */
export interface MemberPage {
  readonly limit: number;
  /** An id. It need not be that of a member any more. */
  readonly after?: string | undefined;
  /** Only members with exactly this role. */
  readonly role?: string | undefined;
  /** Only the member with exactly this id in the identity provider. */
  readonly externalId?: string | undefined;
}

/** A member and the event that records it, stored together or not at all. */
export interface NewMember {
  readonly member: Member;
  readonly event: AuditEvent;
}

/** A change of a member, written together with the event that records it, at whose instant it happens. */
export interface MemberChange {
  /** The member afterwards: its email, name, role and being disabled are taken from it. */
  readonly member: Member;
  readonly event: AuditEvent;
}

/** How many keys a member or an organization has. */
export interface KeyCount {
  readonly apiKeys: number;
}

/**
 * The members of all organizations. Each method takes the organization first. A write is as durable as one of
 * `ApiKeyRepository`, and fails like it.
 */
export abstract class MemberRepository {
  /**
   * @throws IdentityError `member.conflict`: the organization has a member with this external id
   * @throws IdentityError `organization.not_found`
   */
  abstract insert(created: NewMember): Promise<void>;

  /** The organization's members, newest first by id. */
  abstract list(organizationId: string, page: MemberPage): Promise<ListedMember[]>;

  /** The organization's member with this id, in any state. */
  abstract find(organizationId: string, memberId: string): Promise<ListedMember | null>;

  /**
   * Changes a member, while nothing else can change it.
   *
   * @param decide - gets the stored member and returns the change; null for none
   * @returns the member afterwards
   * @throws IdentityError `member.not_found`, also for a member of another organization
   */
  abstract change(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember) => MemberChange | null,
  ): Promise<ListedMember>;

  /**
   * Removes a member and all of its keys with their secrets, in any state. The audit log is kept. What they made for
   * others counts as made by what made them; if the policy says so, it is revoked.
   *
   * @param decide - gets the stored member and the number of its keys, and returns the event; nothing is removed if it
   * throws
   * @param descendantsOf - what is recorded of the descendants of the removed key with this id
   * @throws IdentityError `member.not_found`
   */
  abstract remove(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember, count: KeyCount) => AuditEvent,
    descendantsOf: EndingEvents['descendantsOf'],
  ): Promise<void>;
}
