import {
  type CountedContents,
  type KeylessOrganization,
  type NewOrganization,
  type OrganizationChange,
  type OrganizationPage,
  OrganizationRepository,
} from '../../application/ports/organization-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import { type Member, OWNER_ROLE } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { copyMember, copyOrganization } from './copies.js';
import { assertUnchanged } from './in-memory-key-changes.js';
import { newestFirst } from './in-memory-key-reads.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Organizations and members in memory, with every promise of the port but durability. */
export class InMemoryOrganizationRepository extends OrganizationRepository {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async insert(created: NewOrganization | KeylessOrganization): Promise<void> {
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

  override async listDeleted(): Promise<Organization[]> {
    return [...this.store.deletedOrganizations.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(copyOrganization);
  }

  override async listPage({ limit, after, search }: OrganizationPage): Promise<Organization[]> {
    return [...this.store.organizations.values()]
      .filter(({ name }) => search === undefined || inOneCase(name).includes(inOneCase(search)))
      .sort(newestFirst)
      .filter((each) => after === undefined || newestFirst(each, after) > 0)
      .slice(0, limit)
      .map(copyOrganization);
  }

  override async find(organizationId: string): Promise<Organization | null> {
    const stored = this.store.organizations.get(organizationId);
    return stored === undefined ? null : copyOrganization(stored);
  }

  override async countContents(organizationId: string): Promise<CountedContents> {
    this.stored(organizationId);
    const idsIn = (rows: ReadonlyMap<string, Member | ApiKey>) =>
      [...rows.values()].filter((each) => each.organizationId === organizationId).map(({ id }) => id);
    const members = idsIn(this.store.members).sort();
    return {
      members: members.length,
      apiKeys: idsIn(this.store.apiKeys).length,
      newestMemberId: members.at(-1) ?? null,
    };
  }

  override async delete(
    organizationId: string,
    decide: (current: Organization, contents: CountedContents) => AuditEvent,
  ): Promise<void> {
    const contents = await this.countContents(organizationId);
    const event = decide(copyOrganization(this.stored(organizationId)), contents);
    this.store.addEvent(event);
    this.store.removeApiKeys((apiKey) => apiKey.organizationId === organizationId);
    for (const [id, member] of this.store.members) {
      if (member.organizationId === organizationId) this.store.members.delete(id);
    }
    const stored = this.stored(organizationId);
    this.store.organizations.delete(organizationId);
    this.store.deletedOrganizations.set(organizationId, {
      ...stored,
      disabledAt: stored.disabledAt ?? event.occurredAt,
    });
  }

  override async change(
    organizationId: string,
    decide: (current: Organization) => OrganizationChange | null,
    changedBy?: ApiKey | null,
  ): Promise<Organization> {
    if (changedBy) assertUnchanged(this.store, organizationId, changedBy);
    const stored = this.stored(organizationId);
    const change = decide(copyOrganization(stored));
    if (change === null) return copyOrganization(stored);
    this.store.addEvent(change.event);
    const { name, disabledAt, policy } = change.organization;
    const changed = copyOrganization({ ...stored, name, disabledAt, policy });
    this.store.organizations.set(organizationId, changed);
    return copyOrganization(changed);
  }

  private stored(organizationId: string): Organization {
    const stored = this.store.organizations.get(organizationId);
    if (stored === undefined) throw new IdentityError('organization.not_found', 'There is no such organization.');
    return stored;
  }
}

function inOneCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function oldestFirst(a: Organization | Member, b: Organization | Member): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
