import {
  type NewOrganization,
  type OrganizationChange,
  OrganizationRepository,
} from '../../application/ports/organization-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import { type Member, OWNER_ROLE } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { copyMember, copyOrganization } from './copies.js';
import { assertUnchanged } from './in-memory-key-changes.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Organizations and members in memory, with every promise of the port but durability. */
export class InMemoryOrganizationRepository extends OrganizationRepository {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async insert(created: NewOrganization): Promise<void> {
    this.store.addOrganization(created);
  }

  override async insertBootstrap(created: NewOrganization): Promise<void> {
    if (this.store.bootstrapOrganizationId !== null) {
      throw new IdentityError('organization.already_bootstrapped', 'This installation was bootstrapped already.');
    }
    this.store.addOrganization(created);
    this.store.bootstrapOrganizationId = created.organization.id;
  }

  override async findBootstrapOwner(): Promise<Member | null> {
    const id = this.store.bootstrapOrganizationId;
    return id === null ? null : this.findOwner(id);
  }

  override async findOwner(organizationId: string): Promise<Member | null> {
    const [oldest] = [...this.store.members.values()]
      .filter((member) => member.organizationId === organizationId && member.role === OWNER_ROLE)
      .sort(oldestFirst);
    return oldest === undefined ? null : copyMember(oldest);
  }

  override async findOwners(organizationIds: readonly string[]): Promise<ReadonlyMap<string, Member>> {
    const owners = new Map<string, Member>();
    for (const id of organizationIds) {
      const owner = await this.findOwner(id);
      if (owner !== null) owners.set(id, owner);
    }
    return owners;
  }

  override async list(): Promise<Organization[]> {
    return [...this.store.organizations.values()].sort(oldestFirst).map(copyOrganization);
  }

  override async change(
    organizationId: string,
    decide: (current: Organization) => OrganizationChange | null,
    changedBy?: ApiKey | null,
  ): Promise<Organization> {
    if (changedBy) assertUnchanged(this.store, organizationId, changedBy);
    const stored = this.store.organizations.get(organizationId);
    if (stored === undefined) throw new IdentityError('organization.not_found', 'There is no such organization.');
    const change = decide(copyOrganization(stored));
    if (change === null) return copyOrganization(stored);
    this.store.addEvent(change.event);
    const { name, disabledAt, policy } = change.organization;
    const changed = copyOrganization({ ...stored, name, disabledAt, policy });
    this.store.organizations.set(organizationId, changed);
    return copyOrganization(changed);
  }
}

function oldestFirst(a: Organization | Member, b: Organization | Member): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
