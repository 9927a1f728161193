import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/actor.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Organization } from '../../domain/organization.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type {
  CountedContents,
  OrganizationContents,
  OrganizationRepository,
} from '../ports/organization-repository.js';
import { findOrganization } from './find-organization.js';

const CONFIRMATION_LENGTH = 16;

/** What a deletion would take, and what to confirm it with. */
export interface OrganizationDeletion {
  readonly organization: Organization;
  readonly contents: OrganizationContents;
  /** Holds for just this organization, name, members and keys: after a change of them there is another one. */
  readonly confirmation: string;
}

/**
 * Deletes an organization with its members and keys, for good, when asked twice: first `plan`, then `execute` with the
 * confirmation. The audit log is kept. For operators and applications: no key has this right.
 */
export class DeleteOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * Deletes nothing.
   *
   * @throws IdentityError `organization.not_found`
   */
  async plan(organizationId: string): Promise<OrganizationDeletion> {
    const organization = await findOrganization(this.organizations, organizationId);
    const counted = await this.organizations.countContents(organizationId);
    const { members, apiKeys } = counted;
    return { organization, contents: { members, apiKeys }, confirmation: confirmationOf(organization, counted) };
  }

  /**
   * @param confirmation - of `plan`
   * @returns what was deleted
   * @throws IdentityError `organization.not_found`
   * @throws IdentityError `organization.deletion_unconfirmed`: it is the confirmation of something else, or the
   * organization has changed since
   */
  async execute(organizationId: string, confirmation: string, actor: Actor): Promise<OrganizationContents> {
    let deleted: OrganizationContents = { members: 0, apiKeys: 0 };
    await this.organizations.delete(organizationId, (organization, counted) => {
      if (confirmation !== confirmationOf(organization, counted)) {
        throw new IdentityError(
          'organization.deletion_unconfirmed',
          'This does not confirm what would be deleted now. Send DELETE without `confirm`, check the counts, and use the ' +
            'new value.',
        );
      }
      const { members, apiKeys } = counted;
      deleted = { members, apiKeys };
      const changes = { name: organization.name, deleted_members: members, deleted_api_keys: apiKeys };
      return this.events.build('organization.deleted', actor, {
        organizationId,
        apiKeyId: null,
        keyPrefix: null,
        changes,
      });
    });
    return deleted;
  }
}

/** Proves that the caller has seen what will be deleted. */
function confirmationOf({ id, name }: Organization, { members, apiKeys, newestMemberId }: CountedContents): string {
  const text = JSON.stringify([id, name, members, apiKeys, newestMemberId]);
  return createHash('sha256').update(text).digest('base64url').slice(0, CONFIRMATION_LENGTH);
}
