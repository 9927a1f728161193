import type { AuditedValue } from '../../domain/audit-event.js';
import { spellQuota, spellRateLimit } from '../../domain/key-limits.js';
import type { Member } from '../../domain/member.js';
import { assertPolicyChange, type OrganizationPolicy } from '../../domain/organization-policy.js';
import type { Organization } from '../../domain/organization.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { Grantor } from '../keys/grantor.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** Who changes a policy: a `Grantor`, or somebody else without a key. */
export interface PolicyChanger extends Pick<Grantor, 'actor' | 'apiKey'> {
  readonly member: Pick<Member, 'organizationId'>;
}

/** Changes what an organization requires of its keys. */
export class ChangePolicy {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @param changed - the fields to change; those left out stay as they are
   * @returns the whole policy afterwards
   * @throws IdentityError `policy.invalid` or `api_key.limit_invalid`: invalid values
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `authentication.required` or `caller.changed`: the calling key was revoked or changed meanwhile
   */
  async execute(changer: PolicyChanger, changed: Partial<OrganizationPolicy>): Promise<OrganizationPolicy> {
    assertPolicyChange(changed);
    const { organizationId } = changer.member;
    const decide = (current: Organization) => {
      const policy = { ...current.policy, ...changed };
      const changes = changedFields(current.policy, policy);
      if (Object.keys(changes).length === 0) return null;
      const subject = { organizationId, apiKeyId: null, keyPrefix: null, changes };
      const event = this.events.build('policy.updated', changer.actor, subject);
      return { organization: { ...current, policy }, event };
    };
    return (await this.organizations.change(organizationId, decide, changer.apiKey)).policy;
  }
}

function changedFields(current: OrganizationPolicy, next: OrganizationPolicy): Record<string, AuditedValue> {
  const before = audited(current);
  return Object.fromEntries(Object.entries(audited(next)).filter(([name, value]) => before[name] !== value));
}

function audited(policy: OrganizationPolicy): Record<string, AuditedValue> {
  return {
    max_lifetime_days: policy.maxLifetimeDays,
    expiry_required: policy.expiryRequired,
    scopes_required: policy.scopesRequired,
    revoke_unused_after_days: policy.revokeUnusedAfterDays,
    revoke_descendants: policy.revokeDescendants,
    rate_limit: policy.rateLimit && spellRateLimit(policy.rateLimit),
    quota: policy.quota && spellQuota(policy.quota),
  };
}
