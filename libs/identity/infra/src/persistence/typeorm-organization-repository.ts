import {
  IdentityError,
  type Member,
  type NewOrganization,
  type Organization,
  OWNER_ROLE,
  OrganizationRepository,
} from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { insertApiKey } from './insert-api-key.js';
import { toMember, toMemberRow } from './mappers/member.mapper.js';
import { toOrganization, toOrganizationRow } from './mappers/organization.mapper.js';
import { BOOTSTRAP_ID, BootstrapRow } from './rows/bootstrap.row.js';
import { MemberRow } from './rows/member.row.js';
import { OrganizationRow } from './rows/organization.row.js';
import { isUniqueViolation } from './storage-error.js';
import type { Storage } from './storage.js';

/** Organizations and members in SQLite or PostgreSQL. */
export class TypeOrmOrganizationRepository extends OrganizationRepository {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insert(created: NewOrganization): Promise<void> {
    return this.storage.write((manager) => insertOrganization(manager, created));
  }

  override insertBootstrap(created: NewOrganization): Promise<void> {
    return this.storage.write(async (manager) => {
      await insertOrganization(manager, created);
      await claimBootstrap(manager, created.organization.id);
    });
  }

  override async findBootstrapOwner(): Promise<Member | null> {
    const bootstrap = await this.storage.statement((manager) => manager.findOneBy(BootstrapRow, { id: BOOTSTRAP_ID }));
    return bootstrap === null ? null : this.findOwner(bootstrap.organizationId);
  }

  override async findOwner(organizationId: string): Promise<Member | null> {
    const row = await this.storage.statement((manager) =>
      manager.findOne(MemberRow, { where: { organizationId, role: OWNER_ROLE }, order: { createdAt: 'ASC' } }),
    );
    return row === null ? null : toMember(row);
  }

  override async list(): Promise<Organization[]> {
    const rows = await this.storage.statement((manager) =>
      manager.find(OrganizationRow, { order: { createdAt: 'ASC', id: 'ASC' } }),
    );
    return rows.map(toOrganization);
  }
}

async function insertOrganization(manager: EntityManager, created: NewOrganization): Promise<void> {
  try {
    await manager.insert(OrganizationRow, toOrganizationRow(created.organization));
    await manager.insert(MemberRow, toMemberRow(created.owner));
  } catch (error) {
    if (isUniqueViolation(error)) throw new IdentityError('api_key.conflict', 'The organization exists already.');
    throw error;
  }
  await insertApiKey(manager, created);
}

async function claimBootstrap(manager: EntityManager, organizationId: string): Promise<void> {
  try {
    await manager.insert(BootstrapRow, { id: BOOTSTRAP_ID, organizationId });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new IdentityError('organization.already_bootstrapped', 'This installation was bootstrapped already.');
  }
}
