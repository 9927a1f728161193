import type { OrganizationDraft, OrganizationFactory } from './organization-factory.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import { retryOnConflict } from '../keys/api-key-factory.js';

/** Creates an organization with an owner and the owner's first key. Throws `organization.name_invalid`. */
export class CreateOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly organizationFactory: OrganizationFactory,
  ) {}

  execute(name: string): Promise<OrganizationDraft> {
    return retryOnConflict(async () => {
      const created = await this.organizationFactory.create(name, 'organization.created');
      await this.organizations.insert(created);
      return created;
    });
  }
}
