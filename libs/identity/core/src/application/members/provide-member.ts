import { memberActor } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import { assertMemberTexts, MEMBER_ROLE, type Member } from '../../domain/member.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { MemberRepository } from '../ports/member-repository.js';
import { auditedMember } from './audited-member.js';
import type { CreateMemberRequest } from './create-member.js';
import type { UpdateMember } from './update-member.js';

/** The member that stands for a user of the host application: made on first use, and kept as the application knows the user. */
export class ProvideMember {
  constructor(
    private readonly members: MemberRepository,
    private readonly updateMember: UpdateMember,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    private readonly events: AuditEvents,
  ) {}

  /**
   * However many requests ask for a new user at once, one member is made.
   *
   * @param user - what is left out stays as it is
   * @throws IdentityError `member.invalid`
   * @throws IdentityError `member.disabled`
   * @throws IdentityError `organization.not_found`
   */
  async execute(organizationId: string, user: CreateMemberRequest, origin: RequestOrigin): Promise<Member> {
    const { externalId, email = null, displayName = null, role = MEMBER_ROLE } = user;
    assertMemberTexts({ externalId, email, displayName, role });
    const known = await this.find(organizationId, externalId);
    const member = known ?? (await this.create({ organizationId, externalId, email, displayName, role }, origin));
    if (member.disabledAt !== null) throw new IdentityError('member.disabled', 'The user is disabled.');
    if (!differs(member, user)) return member;
    const changes = { email: user.email, displayName: user.displayName, role: user.role };
    return this.updateMember.execute(organizationId, member.id, changes, memberActor(member, origin));
  }

  private async create(
    fields: Omit<Member, 'id' | 'createdAt' | 'disabledAt'>,
    origin: RequestOrigin,
  ): Promise<Member> {
    const member: Member = { ...fields, id: this.ids.next(), createdAt: this.clock.now(), disabledAt: null };
    const { email, displayName, role } = member;
    const subject = auditedMember(member, { email, display_name: displayName, role });
    const event = this.events.build('member.created', memberActor(member, origin), subject);
    try {
      await this.members.insert({ member, event });
      return member;
    } catch (error) {
      if (!(error instanceof IdentityError) || error.code !== 'member.conflict') throw error;
      // Another request has made it meanwhile.
      const made = await this.find(fields.organizationId, fields.externalId);
      if (made === null) throw error;
      return made;
    }
  }

  private async find(organizationId: string, externalId: string): Promise<Member | null> {
    const [member] = await this.members.list(organizationId, { limit: 1, externalId });
    return member ?? null;
  }
}

function differs(member: Member, { email, displayName, role }: CreateMemberRequest): boolean {
  return [
    [email, member.email],
    [displayName, member.displayName],
    [role, member.role],
  ].some(([wanted, current]) => wanted !== undefined && wanted !== current);
}
