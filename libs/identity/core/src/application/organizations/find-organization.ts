import { IdentityError } from '../../domain/identity-error.js';
import type { Organization } from '../../domain/organization.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** Finds one organization. For operators and applications: no key has this right. */
export class FindOrganization {
  constructor(private readonly organizations: OrganizationRepository) {}

  /** @throws IdentityError `organization.not_found` */
  execute(organizationId: string): Promise<Organization> {
    return findOrganization(this.organizations, organizationId);
  }
}

/** Throws `organization.not_found`. */
export async function findOrganization(
  organizations: OrganizationRepository,
  organizationId: string,
): Promise<Organization> {
  const organization = await organizations.find(organizationId);
  if (organization === null) throw new IdentityError('organization.not_found', 'No such organization.');
  return organization;
}
