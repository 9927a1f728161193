import type { Organization } from '../../domain/organization.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';

/** Lists all organizations of the installation, oldest first. For operators: no caller has this right. */
export class ListOrganizations {
  constructor(private readonly organizations: OrganizationRepository) {}

  execute(): Promise<Organization[]> {
    return this.organizations.list();
  }
}
