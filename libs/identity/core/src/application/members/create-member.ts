import type { Actor } from '../../domain/actor.js';
import { assertMemberTexts, type ListedMember, MEMBER_ROLE, type Member } from '../../domain/member.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { MemberRepository } from '../ports/member-repository.js';
import { auditedMember } from './audited-member.js';

/** The member that is wanted. Each text has 1 to 255 characters. */
export interface CreateMemberRequest {
  /** The member's id in the identity provider; unique within the organization. */
  readonly externalId: string;
  /** Default: null. */
  readonly email?: string | null | undefined;
  /** Default: null. */
  readonly displayName?: string | null | undefined;
  /** Default: `org:member`. */
  readonly role?: string | undefined;
}

/** Adds a member to an organization. For operators and applications: no key has this right. */
export class CreateMember {
  constructor(
    private readonly members: MemberRepository,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @param actor - who is recorded in the audit log
   * @throws IdentityError `member.invalid`
   * @throws IdentityError `member.conflict`: the organization has a member with this external id
   * @throws IdentityError `organization.not_found`
   */
  async execute(organizationId: string, request: CreateMemberRequest, actor: Actor): Promise<ListedMember> {
    const { externalId, email = null, displayName = null, role = MEMBER_ROLE } = request;
    const createdAt = this.clock.now();
    const member: Member = {
      id: this.ids.next(),
      organizationId,
      externalId,
      email,
      displayName,
      role,
      createdAt,
      disabledAt: null,
    };
    assertMemberTexts(member);
    const event = this.events.build(
      'member.created',
      actor,
      auditedMember(member, { email, display_name: displayName, role }),
    );
    await this.members.insert({ member, event });
    return { ...member, updatedAt: createdAt };
  }
}
