import { IdentityError } from '../../domain/identity-error.js';
import type { OrganizationDraft, OrganizationFactory } from './organization-factory.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import { retryOnConflict } from '../keys/api-key-factory.js';

/** Creates the first organization of an empty installation, with an owner and a generated key. */
export class BootstrapOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly organizationFactory: OrganizationFactory,
  ) {}

  /**
   * Succeeds for one of any number of concurrent calls.
   *
   * @param name - 1 to 255 characters
   * @returns what was stored, and the token of the owner's key, whose plain text exists nowhere else
   * @throws IdentityError `organization.already_bootstrapped`: the installation has an organization
   * @throws IdentityError `organization.name_invalid`
   */
  async execute(name: string): Promise<OrganizationDraft> {
    const existing = await this.organizations.list();
    if (existing.length > 0) {
      throw new IdentityError('organization.already_bootstrapped', 'This installation has an organization already.');
    }
    return retryOnConflict(async () => {
      const created = await this.organizationFactory.create(name, 'organization.bootstrapped');
      await this.organizations.insertBootstrap(created);
      return created;
    });
  }

  /**
   * As `execute`, to be called at every start of an application.
   *
   * @returns null if the installation has an organization already
   */
  async executeIfEmpty(name: string): Promise<OrganizationDraft | null> {
    try {
      return await this.execute(name);
    } catch (error) {
      if (error instanceof IdentityError && error.code === 'organization.already_bootstrapped') return null;
      throw error;
    }
  }
}
