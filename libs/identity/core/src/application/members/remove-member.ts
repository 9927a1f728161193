import type { Actor } from '../../domain/actor.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { descendantTerms } from '../keys/revoke-api-key.js';
import type { MemberRepository } from '../ports/member-repository.js';
import { auditedMember } from './audited-member.js';

/**
 * Removes a member with all of its keys, for good, and with the policy `revokeDescendants` revokes what they made for
 * others. For operators and applications: no key has this right.
 */
export class RemoveMember {
  constructor(
    private readonly members: MemberRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * The keys are refused from the next request on. The audit log keeps what it says about them.
   *
   * @throws IdentityError `member.not_found`, also for a member of another organization
   */
  execute(organizationId: string, memberId: string, actor: Actor): Promise<void> {
    return this.members.remove(
      organizationId,
      memberId,
      (member, { apiKeys }) =>
        this.events.build('member.removed', actor, auditedMember(member, { removed_api_keys: apiKeys })),
      (id) => descendantTerms(this.events, actor, { organizationId, id }),
    );
  }
}
