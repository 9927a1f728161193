import {
  type ApiKey,
  type AuditEvent,
  IdentityError,
  type CountedContents,
  type KeylessOrganization,
  type Member,
  type NewOrganization,
  type Organization,
  type OrganizationChange,
  type OrganizationPage,
  OrganizationRepository,
  OWNER_ROLE,
} from '@feather-identity/core';
import { In, IsNull } from 'typeorm';
import { lockUnchangedCaller } from './api-keys/caller-lock.js';
import { countApiKeys, deleteApiKeys, lockApiKeys } from './api-keys/delete-api-keys.js';
import { insertApiKey } from './api-keys/insert-api-key.js';
import { isUniqueViolation } from './sql/errors.js';
import { type StatementBuilder, statementOf, type Write } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { AuditEventRow, toAuditEventRow } from './tables/audit-events.js';
import { MemberRow, toMember, toMemberRow } from './tables/members.js';
import {
  BOOTSTRAP_ID,
  BootstrapRow,
  OrganizationRow,
  toOrganization,
  toOrganizationChanges,
  toOrganizationRow,
} from './tables/organizations.js';

/** Organizations and members in SQLite or PostgreSQL. */
export class TypeOrmOrganizationRepository extends OrganizationRepository {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insert(created: NewOrganization | KeylessOrganization): Promise<void> {
    return this.storage.write('createOrganization', () => insertOrganization(this.storage.statements, created));
  }

  override insertBootstrap(created: NewOrganization): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('createOrganization', function* () {
      yield* insertOrganization(statements, created);
      yield* claimBootstrap(statements, created.organization.id);
    });
  }

  override async findBootstrapOwner(): Promise<Member | null> {
    const [bootstrap] = await this.storage.rows(BootstrapRow, (bootstraps) => bootstraps.where({ id: BOOTSTRAP_ID }));
    return bootstrap === undefined ? null : this.findOwner(bootstrap.organizationId);
  }

  override async findOwner(organizationId: string): Promise<Member | null> {
    const [row] = await this.storage.rows(MemberRow, (members) =>
      members.where({ organizationId, role: OWNER_ROLE }).orderBy('found.createdAt', 'ASC').limit(1),
    );
    return row === undefined ? null : toMember(row);
  }

  override async findOwners(organizationIds: readonly string[]): Promise<ReadonlyMap<string, Member>> {
    const rows = await this.storage.rows(MemberRow, (members) =>
      members.where({ organizationId: In([...organizationIds]), role: OWNER_ROLE }),
    );
    const newestFirst = rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    // The oldest one comes last and stays.
    return new Map(newestFirst.map((row) => [row.organizationId, toMember(row)]));
  }

  override async list(): Promise<Organization[]> {
    const rows = await this.storage.rows(OrganizationRow, (organizations) =>
      organizations.orderBy({ 'found.createdAt': 'ASC', 'found.id': 'ASC' }),
    );
    return rows.filter(({ deletedAt }) => deletedAt === null).map(toOrganization);
  }

  override async listDeleted(): Promise<Organization[]> {
    const rows = await this.storage.rows(OrganizationRow, (organizations) =>
      organizations.where('found.deletedAt IS NOT NULL').orderBy('found.id', 'ASC'),
    );
    return rows.map(toOrganization);
  }

  override async listPage({ limit, after, search }: OrganizationPage): Promise<Organization[]> {
    const rows = await this.storage.rows(OrganizationRow, (organizations) => {
      organizations.where({ deletedAt: IsNull() });
      if (after !== undefined) {
        const { createdAt, id } = after;
        organizations.andWhere('(found.createdAt, found.id) < (:createdAt, :id)', { createdAt, id });
      }
      if (search !== undefined) {
        organizations.andWhere(CONTAINS[this.storage.statements.dialect], { search: inOneCase(search) });
      }
      return organizations.orderBy({ 'found.createdAt': 'DESC', 'found.id': 'DESC' }).limit(limit);
    });
    return rows.map(toOrganization);
  }

  override async find(organizationId: string): Promise<Organization | null> {
    const where = { id: organizationId, deletedAt: IsNull() };
    const [row] = await this.storage.rows(OrganizationRow, (organizations) => organizations.where(where));
    return row === undefined ? null : toOrganization(row);
  }

  override countContents(organizationId: string): Promise<CountedContents> {
    const { statements } = this.storage;
    return this.storage.write('countContents', function* () {
      yield* lockOrganization(statements, organizationId);
      return yield* countContents(statements, organizationId);
    });
  }

  override delete(
    organizationId: string,
    decide: (current: Organization, contents: CountedContents) => AuditEvent,
  ): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('deleteOrganization', function* () {
      yield* lockApiKeys(statements, { organizationId });
      const current = yield* lockOrganization(statements, organizationId, 'pessimistic_write');
      const event = decide(current, yield* countContents(statements, organizationId));
      yield* deleteApiKeys(statements, { organizationId });
      yield statements.delete(MemberRow, { organizationId });
      // The audit log refers to this row.
      const { occurredAt } = event;
      const gone = { disabledAt: current.disabledAt ?? occurredAt, deletedAt: occurredAt };
      yield statements.update(OrganizationRow, { id: organizationId }, gone);
      yield statements.insert(AuditEventRow, toAuditEventRow(event));
    });
  }

  override change(
    organizationId: string,
    decide: (current: Organization) => OrganizationChange | null,
    changedBy: ApiKey | null = null,
  ): Promise<Organization> {
    const { statements } = this.storage;
    return this.storage.write('changeOrganization', function* () {
      if (changedBy !== null) yield* lockUnchangedCaller(statements, organizationId, changedBy);
      const current = yield* lockOrganization(statements, organizationId);
      const change = decide(current);
      if (change === null) return current;
      const { name, disabledAt, policy } = change.organization;
      yield statements.update(OrganizationRow, { id: organizationId }, toOrganizationChanges(change.organization));
      yield statements.insert(AuditEventRow, toAuditEventRow(change.event));
      return { ...current, name, disabledAt, policy };
    });
  }
}

/** SQL for a name that contains a text in lower case; only ASCII letters have two cases in it, on both databases. */
const CONTAINS = {
  'better-sqlite3': 'instr(lower(found.name), :search) > 0',
  postgres: 'strpos(lower(found.name COLLATE "C"), :search) > 0',
};

function inOneCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * The organization, which nothing else changes until the transaction ends: on SQLite nothing else writes meanwhile.
 *
 * @param lock - `pessimistic_write` also keeps others from adding rows that refer to it
 */
export function* lockOrganization(
  statements: StatementBuilder,
  id: string,
  lock: 'for_no_key_update' | 'pessimistic_write' = 'for_no_key_update',
): Write<Organization> {
  const select = statements.select(OrganizationRow, 'organization').where({ id, deletedAt: IsNull() });
  if (statements.dialect === 'postgres') select.setLock(lock);
  const [found] = yield statementOf(select);
  const row = found && statements.rowOf(OrganizationRow, 'organization', found);
  if (!row) throw new IdentityError('organization.not_found', 'No such organization.');
  return toOrganization(row);
}

function* countContents(statements: StatementBuilder, organizationId: string): Write<CountedContents> {
  const apiKeys = yield* countApiKeys(statements, { organizationId });
  const select = statements.select(MemberRow, 'member').select('count(*)', 'count').where({ organizationId });
  // PostgreSQL knows no greatest uuid.
  select.addSelect('max(CAST(member.id AS text))', 'newest');
  const [row] = yield statementOf(select);
  return { members: Number(row?.['count']), apiKeys, newestMemberId: (row?.['newest'] ?? null) as string | null };
}

function* insertOrganization(
  statements: StatementBuilder,
  created: NewOrganization | KeylessOrganization,
): Write<void> {
  try {
    yield statements.insert(OrganizationRow, toOrganizationRow(created.organization));
    yield statements.insert(MemberRow, toMemberRow(created.owner));
  } catch (error) {
    if (isUniqueViolation(error)) throw new IdentityError('api_key.conflict', 'The organization exists already.');
    throw error;
  }
  if ('apiKey' in created) yield* insertApiKey(statements, created);
  else yield statements.insert(AuditEventRow, toAuditEventRow(created.event));
}

function* claimBootstrap(statements: StatementBuilder, organizationId: string): Write<void> {
  try {
    yield statements.insert(BootstrapRow, { id: BOOTSTRAP_ID, organizationId });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new IdentityError('organization.already_bootstrapped', 'This installation was bootstrapped already.');
  }
}
