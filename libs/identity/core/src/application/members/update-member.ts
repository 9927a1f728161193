import type { Actor } from '../../domain/actor.js';
import type { AuditedValue } from '../../domain/audit-event.js';
import { disabledAfter } from '../../domain/disabling.js';
import { assertMemberTexts, type ListedMember, type Member } from '../../domain/member.js';
import { type AuditEvents, changeTypeOf } from '../audit/audit-events.js';
import type { Clock } from '../ports/clock.js';
import type { MemberRepository } from '../ports/member-repository.js';
import { auditedMember } from './audited-member.js';

/** The fields to change; omitted fields stay unchanged. Each text has 1 to 255 characters. */
export interface MemberUpdate {
  readonly email?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly role?: string | undefined;
  /** False disables the member: its keys are refused from the next request on, until it is enabled again. */
  readonly isActive?: boolean | undefined;
}

/** Changes, disables or enables a member. For operators and applications: no key has this right. */
export class UpdateMember {
  constructor(
    private readonly members: MemberRepository,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the member afterwards
   * @throws IdentityError `member.invalid`
   * @throws IdentityError `member.not_found`, also for a member of another organization
   */
  execute(organizationId: string, memberId: string, update: MemberUpdate, actor: Actor): Promise<ListedMember> {
    return this.members.change(organizationId, memberId, (current) => {
      const member = updated(current, update, this.clock.now());
      assertMemberTexts(member);
      const changes = changedFields(current, member);
      if (Object.keys(changes).length === 0) return null;
      return {
        member,
        event: this.events.build(changeTypeOf('member', changes), actor, auditedMember(current, changes)),
      };
    });
  }
}

function updated(
  current: Member,
  { email = current.email, displayName = current.displayName, role = current.role, isActive }: MemberUpdate,
  now: Date,
): Member {
  return {
    ...current,
    email,
    displayName,
    role,
    disabledAt: disabledAfter(current.disabledAt, isActive, now),
  };
}

function changedFields(current: Member, next: Member): Record<string, AuditedValue> {
  const before = audited(current);
  return Object.fromEntries(Object.entries(audited(next)).filter(([name, value]) => before[name] !== value));
}

function audited({ email, displayName, role, disabledAt }: Member): Record<string, AuditedValue> {
  return { email, display_name: displayName, role, is_active: disabledAt === null };
}
