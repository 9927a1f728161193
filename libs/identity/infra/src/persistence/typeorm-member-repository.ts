import {
  type AuditEvent,
  type EndingEvents,
  IdentityError,
  type KeyCount,
  type ListedMember,
  type MemberChange,
  type MemberPage,
  MemberRepository,
  type NewMember,
} from '@feather-identity/core';
import {
  countApiKeys,
  deleteApiKeys,
  handOverChildren,
  lockApiKeys,
  readCreators,
} from './api-keys/delete-api-keys.js';
import { lockTree } from './api-keys/descendants.js';
import { revokeMadeBy } from './api-keys/revoke-api-key.js';
import { isUniqueViolation } from './sql/errors.js';
import { type StatementBuilder, statementOf, type Write } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { AuditEventRow, toAuditEventRow } from './tables/audit-events.js';
import { MemberRow, toListedMember, toMemberRow } from './tables/members.js';
import { lockOrganization } from './typeorm-organization-repository.js';

/** Members in SQLite or PostgreSQL. */
export class TypeOrmMemberRepository extends MemberRepository {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insert({ member, event }: NewMember): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('createMember', function* () {
      yield* lockOrganization(statements, member.organizationId);
      try {
        yield statements.insert(MemberRow, toMemberRow(member));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new IdentityError('member.conflict', 'The organization has a member with this external id.');
      }
      yield statements.insert(AuditEventRow, toAuditEventRow(event));
    });
  }

  override async list(organizationId: string, { limit, after, role, externalId }: MemberPage): Promise<ListedMember[]> {
    const { statements } = this.storage;
    const where = {
      organizationId,
      ...(role === undefined ? {} : { role }),
      ...(externalId === undefined ? {} : { externalId }),
    };
    const select = statements.select(MemberRow, 'member').where(where).orderBy('member.id', 'DESC').limit(limit);
    if (after !== undefined) select.andWhere('member.id < :after', { after });
    const rows = await this.storage.read(statementOf(select));
    return statements.rowsOf(MemberRow, 'member', rows).map(toListedMember);
  }

  override async find(organizationId: string, memberId: string): Promise<ListedMember | null> {
    const { statements } = this.storage;
    const select = statements.select(MemberRow, 'member').where({ id: memberId, organizationId });
    const [row] = statements.rowsOf(MemberRow, 'member', await this.storage.read(statementOf(select)));
    return row === undefined ? null : toListedMember(row);
  }

  override change(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember) => MemberChange | null,
  ): Promise<ListedMember> {
    const { statements } = this.storage;
    return this.storage.write('changeMember', function* () {
      const current = yield* lockMember(statements, organizationId, memberId);
      const change = decide(current);
      if (change === null) return current;
      const { email, displayName, role, disabledAt } = change.member;
      const changed = { email, displayName, role, disabledAt, updatedAt: change.event.occurredAt };
      yield statements.update(MemberRow, { id: memberId }, changed);
      yield statements.insert(AuditEventRow, toAuditEventRow(change.event));
      return { ...current, ...changed };
    });
  }

  override remove(
    organizationId: string,
    memberId: string,
    decide: (current: ListedMember, count: KeyCount) => AuditEvent,
    descendantsOf: EndingEvents['descendantsOf'],
  ): Promise<void> {
    const { statements } = this.storage;
    const owner = { organizationId, memberId };
    return this.storage.write('removeMember', function* () {
      // With all that they made, in one order: a cascade may be under way.
      const apiKeyIds = [...(yield* readCreators(statements, owner)).keys()];
      yield* lockTree(statements, { organizationId, apiKeyIds });
      yield* lockApiKeys(statements, owner);
      const current = yield* lockMember(statements, organizationId, memberId, 'pessimistic_write');
      const event = decide(current, { apiKeys: yield* countApiKeys(statements, owner) });
      const creators = yield* readCreators(statements, owner);
      const removed = { organizationId, apiKeyIds: [...creators.keys()] };
      yield* revokeMadeBy(statements, removed, event.occurredAt, descendantsOf);
      yield* handOverChildren(statements, organizationId, creators);
      yield* deleteApiKeys(statements, owner);
      yield statements.delete(MemberRow, { id: memberId });
      yield statements.insert(AuditEventRow, toAuditEventRow(event));
    });
  }
}

/**
 * The member, which nothing else changes until the transaction ends. Throws `member.not_found`.
 *
 * @param lock - `pessimistic_write` also keeps others from adding keys of the member
 */
function* lockMember(
  statements: StatementBuilder,
  organizationId: string,
  memberId: string,
  lock: 'for_no_key_update' | 'pessimistic_write' = 'for_no_key_update',
): Write<ListedMember> {
  const select = statements.select(MemberRow, 'member').where({ id: memberId, organizationId });
  if (statements.dialect === 'postgres') select.setLock(lock);
  const [found] = yield statementOf(select);
  const row = found && statements.rowOf(MemberRow, 'member', found);
  if (!row) throw new IdentityError('member.not_found', 'No such member.');
  return toListedMember(row);
}
