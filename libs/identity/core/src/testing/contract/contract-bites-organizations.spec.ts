import { describe, it } from '@jest/globals';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import type { Organization } from '../../domain/organization.js';
import type { Member } from '../../domain/member.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { organizationRepositoryContract } from './organization-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

// Each class breaks one promise, as an adapter would: `save` for `insert`, a forgotten filter, a race.

class BootstrapsInARace extends InMemoryOrganizationRepository {
  override async insertBootstrap(created: NewOrganization): Promise<void> {
    if (this.store.bootstrapOrganizationId !== null) return super.insertBootstrap(created);
    await Promise.resolve();
    this.store.bootstrapOrganizationId = null;
    return super.insertBootstrap(created);
  }
}

class LeavesLosersBehind extends InMemoryOrganizationRepository {
  override async insertBootstrap(created: NewOrganization): Promise<void> {
    if (this.store.bootstrapOrganizationId !== null) await super.insert(created);
    return super.insertBootstrap(created);
  }
}

class TakesAnyOrganizationForTheFirst extends InMemoryOrganizationRepository {
  override async insert(created: NewOrganization): Promise<void> {
    await super.insert(created);
    this.store.bootstrapOrganizationId ??= created.organization.id;
  }
}

class TakesAnyMemberForTheOwner extends InMemoryOrganizationRepository {
  override async findOwner(organizationId: string): Promise<Member | null> {
    return [...this.store.members.values()].find((each) => each.organizationId === organizationId) ?? null;
  }
}

class ListsInsertionOrder extends InMemoryOrganizationRepository {
  override async list(): Promise<Organization[]> {
    return [...this.store.organizations.values()];
  }
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [BootstrapsInARace, 'of 16 concurrent bootstraps'],
  [LeavesLosersBehind, 'a later bootstrap is refused'],
  [TakesAnyOrganizationForTheFirst, 'the bootstrap owner is null until'],
  [TakesAnyMemberForTheOwner, "findOwner yields the organization's own owner"],
  [ListsInsertionOrder, 'the list holds all organizations'],
] as const;

describe('the contract of an adapter that stores organizations', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ organizations: new Adapter(store) }));
      await assertCatches(organizationRepositoryContract, promise, harness);
    });
  }
});
