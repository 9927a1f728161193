import type { Actor } from '../../domain/actor.js';
import type { OrganizationDraft, OrganizationFactory } from './organization-factory.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import { retryOnConflict } from '../keys/api-key-factory.js';

/** Creates an organization with an owner and the owner's first key, which is unrestricted. */
export class CreateOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly organizationFactory: OrganizationFactory,
  ) {}

  /**
   * @param name - 1 to 255 characters
   * @param actor - who is recorded in the audit log. Default: the operator
   * @returns what was stored, and the token of the owner's key, whose plain text exists nowhere else
   * @throws IdentityError `organization.name_invalid`
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  execute(name: string, actor?: Actor): Promise<OrganizationDraft> {
    return retryOnConflict(async () => {
      const created = await this.organizationFactory.create(name, 'organization.created', { actor });
      await this.organizations.insert(created);
      return created;
    });
  }
}
