import { IdentityError } from '../../domain/identity-error.js';
import type { OrganizationDraft, OrganizationFactory } from './organization-factory.js';
import type { OrganizationRepository } from '../ports/organization-repository.js';
import { retryOnConflict } from '../keys/api-key-factory.js';

/**
 * Gives an empty installation its first organization with an owner and a generated key. Of any number of concurrent
 * calls one succeeds; the others, and every later one, throw `organization.already_bootstrapped`.
 */
export class BootstrapOrganization {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly organizationFactory: OrganizationFactory,
  ) {}

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

  /** The same for every start of an application: null where the installation has an organization already. */
  async executeIfEmpty(name: string): Promise<OrganizationDraft | null> {
    try {
      return await this.execute(name);
    } catch (error) {
      if (error instanceof IdentityError && error.code === 'organization.already_bootstrapped') return null;
      throw error;
    }
  }
}
