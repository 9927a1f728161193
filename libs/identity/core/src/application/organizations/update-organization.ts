import type { Actor } from '../../domain/actor.js';
import type { AuditedValue } from '../../domain/audit-event.js';
import { disabledAfter } from '../../domain/disabling.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Organization } from '../../domain/organization.js';
import { type AuditEvents, changeTypeOf } from '../audit/audit-events.js';
import type { Clock } from '../ports/clock.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** The fields to change; omitted fields stay unchanged. */
export interface OrganizationUpdate {
  readonly name?: string | undefined;
  /** False disables the organization: all of its keys are refused from the next request on, until it is enabled again. */
  readonly isActive?: boolean | undefined;
}

/** Renames, disables or enables an organization. For operators: no caller has this right. */
export class UpdateOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the organization afterwards
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `organization.name_invalid`
   */
  async execute(organizationId: string, update: OrganizationUpdate, actor: Actor): Promise<Organization> {
    if (update.name !== undefined && !isDisplayName(update.name)) {
      throw new IdentityError('organization.name_invalid', `The name of an organization ${DISPLAY_NAME_RULE}.`);
    }
    return this.organizations.change(organizationId, (current) => {
      const organization = updated(current, update, this.clock.now());
      const changes = changedFields(current, organization);
      if (Object.keys(changes).length === 0) return null;
      const subject = { organizationId, apiKeyId: null, keyPrefix: null, changes };
      return { organization, event: this.events.build(changeTypeOf('organization', changes), actor, subject) };
    });
  }
}

function updated(
  current: Organization,
  { name = current.name, isActive }: OrganizationUpdate,
  now: Date,
): Organization {
  return { ...current, name, disabledAt: disabledAfter(current.disabledAt, isActive, now) };
}

function changedFields(current: Organization, next: Organization): Record<string, AuditedValue> {
  const isActive = next.disabledAt === null;
  return {
    ...(next.name === current.name ? {} : { name: next.name }),
    ...(isActive === (current.disabledAt === null) ? {} : { is_active: isActive }),
  };
}
