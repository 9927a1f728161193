import type { AuditedValue } from '../../domain/audit-event.js';
import { assertQuota, assertRateLimit, spellQuota, spellRateLimit } from '../../domain/key-limits.js';
import type { OrganizationPolicy } from '../../domain/organization-policy.js';
import type { Organization } from '../../domain/organization.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { Grantor } from '../keys/grantor.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** Changes what an organization requires of its keys. */
export class ChangePolicy {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @param changed - the fields to change; those left out stay as they are
   * @returns the whole policy afterwards
   * @throws IdentityError `api_key.limit_invalid`: invalid values
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `authentication.required` or `caller.changed`: the calling key was revoked or changed meanwhile
   */
  async execute(grantor: Grantor, changed: Partial<OrganizationPolicy>): Promise<OrganizationPolicy> {
    if (changed.rateLimit) assertRateLimit(changed.rateLimit);
    if (changed.quota) assertQuota(changed.quota);
    const { organizationId } = grantor.member;
    const decide = (current: Organization) => {
      const policy = { ...current.policy, ...changed };
      const changes = changedFields(current.policy, policy);
      if (Object.keys(changes).length === 0) return null;
      const subject = { organizationId, apiKeyId: null, keyPrefix: null, changes };
      const event = this.events.build('policy.updated', grantor.actor, subject);
      return { organization: { ...current, policy }, event };
    };
    return (await this.organizations.change(organizationId, decide, grantor.apiKey)).policy;
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
