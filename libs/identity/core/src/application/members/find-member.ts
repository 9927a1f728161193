import { IdentityError } from '../../domain/identity-error.js';
import type { ListedMember } from '../../domain/member.js';
import type { MemberRepository } from '../ports/member-repository.js';

/** Finds one member of an organization, whatever its state. */
export class FindMember {
  constructor(private readonly members: MemberRepository) {}

  /** @throws IdentityError `member.not_found`, also for a member of another organization */
  async execute(organizationId: string, memberId: string): Promise<ListedMember> {
    const member = await this.members.find(organizationId, memberId);
    if (member === null) throw new IdentityError('member.not_found', 'No such member.');
    return member;
  }

  /** The member with this id in the identity provider; null if the organization has none. */
  async byExternalId(organizationId: string, externalId: string): Promise<ListedMember | null> {
    const [member] = await this.members.list(organizationId, { limit: 1, externalId });
    return member ?? null;
  }
}
