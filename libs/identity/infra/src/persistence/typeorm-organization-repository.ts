import {
  type ApiKey,
  IdentityError,
  type Member,
  type NewOrganization,
  type Organization,
  OWNER_ROLE,
  type OrganizationPolicy,
  OrganizationRepository,
  type PolicyChange,
} from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { holdUnchanged } from './calling-key.js';
import { insertApiKey } from './insert-api-key.js';
import { toAuditEventRow } from './mappers/audit-event.mapper.js';
import { toMember, toMemberRow } from './mappers/member.mapper.js';
import { toOrganization, toOrganizationRow, toPolicy, toPolicyColumns } from './mappers/organization.mapper.js';
import { AuditEventRow } from './rows/audit-event.row.js';
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

  override changePolicy(
    organizationId: string,
    decide: (current: OrganizationPolicy) => PolicyChange | null,
    changedBy: ApiKey | null = null,
  ): Promise<OrganizationPolicy> {
    return this.storage.write(async (manager) => {
      if (changedBy !== null) await holdUnchanged(manager, organizationId, changedBy);
      const current = await holdPolicy(manager, organizationId);
      const change = decide(current);
      if (change === null) return current;
      await manager.update(OrganizationRow, { id: organizationId }, toPolicyColumns(change.policy));
      await manager.insert(AuditEventRow, toAuditEventRow(change.event));
      return change.policy;
    });
  }
}

/** The policy, which nothing else changes until the transaction ends: on SQLite nothing else writes meanwhile. */
async function holdPolicy(manager: EntityManager, id: string): Promise<OrganizationPolicy> {
  const isPostgres = manager.dataSource.options.type === 'postgres';
  const row = await manager.findOne(OrganizationRow, {
    where: { id },
    ...(isPostgres ? { lock: { mode: 'for_no_key_update' } } : {}),
  });
  if (row === null) throw new IdentityError('organization.not_found', 'No such organization.');
  return toPolicy(row);
}

async function insertOrganization(manager: EntityManager, created: NewOrganization): Promise<void> {
  try {
    await manager.insert(OrganizationRow, toOrganizationRow(created.organization));
    await manager.insert(MemberRow, toMemberRow(created.owner));
  } catch (error) {
    if (isUniqueViolation(error)) throw new IdentityError('api_key.conflict', 'The organization exists already.');
    throw error;
  }
  // It has no key yet: this one takes the first place.
  await insertApiKey(manager, created, { maxKeys: 1 });
}

async function claimBootstrap(manager: EntityManager, organizationId: string): Promise<void> {
  try {
    await manager.insert(BootstrapRow, { id: BOOTSTRAP_ID, organizationId });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new IdentityError('organization.already_bootstrapped', 'This installation was bootstrapped already.');
  }
}
