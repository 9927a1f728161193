import type { FoundedOrganization, OrganizationFounder } from './organization-founder.js';
import type { OrganizationRepository } from './ports/organization-repository.js';
import { retryOnConflict } from './retry-on-conflict.js';

/** Creates an organization with an owner and the owner's first key. Throws `organization.name_invalid`. */
export class CreateOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly founder: OrganizationFounder,
  ) {}

  execute(name: string): Promise<FoundedOrganization> {
    return retryOnConflict(async () => {
      const founded = await this.founder.found(name, 'organization.created');
      await this.organizations.insert(founded);
      return founded;
    });
  }
}
