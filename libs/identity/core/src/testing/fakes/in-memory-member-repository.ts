import type { EndingEvents } from '../../application/ports/api-key-repository.js';
import {
  type KeyCount,
  type MemberChange,
  type MemberPage,
  MemberRepository,
  type NewMember,
} from '../../application/ports/member-repository.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { ListedMember, Member } from '../../domain/member.js';
import { copyMember } from './copies.js';
import { descendantsOf as madeBelow } from './in-memory-key-reads.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Members in memory, with every promise of the port but durability. */
export class InMemoryMemberRepository extends MemberRepository {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async insert({ member, event }: NewMember): Promise<void> {
    const { organizationId, externalId } = member;
    if (!this.store.organizations.has(organizationId)) {
      throw new IdentityError('organization.not_found', 'There is no such organization.');
    }
    if (
      this.store.members.has(member.id) ||
      this.membersOf(organizationId).some((each) => each.externalId === externalId)
    ) {
      throw new IdentityError('member.conflict', 'The organization has a member with this external id.');
    }
    this.store.addEvent(event);
    this.store.members.set(member.id, copyMember(member));
  }

  override async list(organizationId: string, { limit, after, role, externalId }: MemberPage): Promise<ListedMember[]> {
    return this.membersOf(organizationId)
      .filter((each) => after === undefined || each.id < after)
      .filter((each) => role === undefined || each.role === role)
      .filter((each) => externalId === undefined || each.externalId === externalId)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit)
      .map((each) => this.listed(each));
  }

  override async find(organizationId: string, memberId: string): Promise<ListedMember | null> {
    const stored = this.store.members.get(memberId);
    return stored?.organizationId === organizationId ? this.listed(stored) : null;
  }

  override async change(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember) => MemberChange | null,
  ): Promise<ListedMember> {
    const stored = this.stored(organizationId, memberId);
    const change = decide(this.listed(stored));
    if (change === null) return this.listed(stored);
    const { event } = change;
    this.store.addEvent(event);
    const { email, displayName, role, disabledAt } = change.member;
    const changed = copyMember({ ...stored, email, displayName, role, disabledAt });
    this.store.members.set(memberId, changed);
    this.store.memberUpdates.set(memberId, new Date(event.occurredAt));
    return this.listed(changed);
  }

  override async remove(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember, count: KeyCount) => AuditEvent,
    descendantsOf: EndingEvents['descendantsOf'],
  ): Promise<void> {
    const stored = this.stored(organizationId, memberId);
    const removed = [...this.store.apiKeys.values()].filter((apiKey) => apiKey.memberId === memberId);
    const event = decide(this.listed(stored), { apiKeys: removed.length });
    this.store.addEvent(event);
    if (this.store.organizations.get(organizationId)?.policy.revokeDescendants === true) {
      const roots = removed.map(({ id }) => id);
      for (const root of removed) {
        const made = madeBelow(this.store, root, roots).filter(({ revokedAt }) => revokedAt === null);
        this.store.addEvents(made.map(descendantsOf(root.id).eventOf));
        for (const { id } of made) this.store.changeApiKey(id, { revokedAt: event.occurredAt });
      }
    }
    this.store.removeApiKeys((apiKey) => apiKey.memberId === memberId);
    this.store.members.delete(memberId);
  }

  private membersOf(organizationId: string): Member[] {
    return [...this.store.members.values()].filter((member) => member.organizationId === organizationId);
  }

  private stored(organizationId: string, memberId: string): Member {
    const stored = this.store.members.get(memberId);
    if (stored?.organizationId !== organizationId) throw new IdentityError('member.not_found', 'No such member.');
    return stored;
  }

  private listed(member: Member): ListedMember {
    const updatedAt = new Date(this.store.memberUpdates.get(member.id) ?? member.createdAt);
    return { ...copyMember(member), updatedAt };
  }
}
