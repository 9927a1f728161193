import {
  type ConsoleEvent,
  type ConsoleHolder,
  type ConsoleLink,
  type ConsoleSession,
  ConsoleSessions,
  linkUsed,
  MAX_SESSIONS,
  type NewConsoleLink,
  type NewConsoleSession,
  type OpeningTerms,
} from '@feather-identity/core';
import type { SelectQueryBuilder } from 'typeorm';
import { among, type Statement, type StatementBuilder, statementOf, type Write } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { AuditEventRow, toAuditEventRow } from './tables/audit-events.js';
import {
  ConsoleLinkRow,
  ConsoleSessionRow,
  toConsoleLink,
  toConsoleLinkRow,
  toConsoleSession,
  toConsoleSessionRow,
} from './tables/console-sessions.js';
import { OperatorEventRow, toOperatorEventRow } from './tables/operator-events.js';

/** Rows that a write removes besides its own. */
const BATCH = 100;

/** Sessions of the console in SQLite or PostgreSQL. */
export class TypeOrmConsoleSessions extends ConsoleSessions {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insertLink({ link, codeHash, event }: NewConsoleLink): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('changeConsoleSessions', function* () {
      const parameters = statements.parameters();
      const { consoleLinks } = statements.tables;
      const ended = `expires_at <= ${parameters.mark(link.createdAt, 'timestamptz')}`;
      const text =
        `DELETE FROM ${consoleLinks} WHERE code_hash IN ` +
        `(SELECT code_hash FROM ${consoleLinks} WHERE ${ended} LIMIT ${BATCH}${unlocked(statements)})`;
      yield { text, values: parameters.values };
      yield statements.insert(ConsoleLinkRow, toConsoleLinkRow({ link, codeHash, event }));
      yield insertEvent(statements, event);
    });
  }

  override async findLink(codeHash: string, now: Date): Promise<ConsoleLink | null> {
    const { statements } = this.storage;
    const rows = await this.storage.lookUp(statementOf(statements.select(ConsoleLinkRow, 'link').where({ codeHash })));
    const [link] = statements.rowsOf(ConsoleLinkRow, 'link', rows).map(toConsoleLink);
    return link !== undefined && now < link.expiresAt ? link : null;
  }

  override insert(created: NewConsoleSession, terms: OpeningTerms): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('changeConsoleSessions', function* () {
      if (created.linkHash !== undefined) yield* takeLink(statements, created.linkHash);
      yield removeEnded(statements, terms);
      yield statements.insert(ConsoleSessionRow, toConsoleSessionRow(created));
      yield insertEvent(statements, created.event);
      yield* endExcess(statements, created.session.holder, terms);
    });
  }

  override async find(secretHash: string): Promise<ConsoleSession | null> {
    const { statements } = this.storage;
    const select = statements.select(ConsoleSessionRow, 'session').where({ secretHash });
    const rows = await this.storage.lookUp(statementOf(select));
    const [session] = statements.rowsOf(ConsoleSessionRow, 'session', rows).map(toConsoleSession);
    return session ?? null;
  }

  override async list(holder: ConsoleHolder | null): Promise<ConsoleSession[]> {
    const rows = await this.storage.rows(ConsoleSessionRow, (all) => {
      const held = holder === null ? all.where("found.holderKind <> 'api_key'") : heldBy(all, 'found', holder);
      return held.orderBy('found.id', 'DESC').limit(MAX_SESSIONS);
    });
    return rows.map(toConsoleSession);
  }

  override end(sessionId: string, event: ConsoleEvent): Promise<boolean> {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const id = parameters.mark(sessionId, 'uuid');
    const text = `DELETE FROM ${statements.tables.consoleSessions} WHERE id = ${id} RETURNING id`;
    return this.storage.write('changeConsoleSessions', function* () {
      if ((yield { text, values: parameters.values }).length === 0) return false;
      yield insertEvent(statements, event);
      return true;
    });
  }

  override recordSeen(sessionId: string, at: Date): Promise<void> {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const instant = parameters.mark(at, 'timestamptz');
    const text =
      `UPDATE ${statements.tables.consoleSessions} SET last_seen_at = ${instant} ` +
      `WHERE id = ${parameters.mark(sessionId, 'uuid')} AND last_seen_at < ${instant}`;
    return this.storage.write('changeConsoleSessions', function* () {
      yield { text, values: parameters.values };
    });
  }
}

/** Of two transactions that have read it, one deletes it. */
function* takeLink(statements: StatementBuilder, codeHash: string): Write<void> {
  const parameters = statements.parameters();
  const hash = parameters.mark(codeHash, 'text');
  const text = `DELETE FROM ${statements.tables.consoleLinks} WHERE code_hash = ${hash} RETURNING code_hash`;
  if ((yield { text, values: parameters.values }).length === 0) throw linkUsed();
}

function removeEnded(statements: StatementBuilder, { createdUntil, lastSeenUntil }: OpeningTerms): Statement {
  const parameters = statements.parameters();
  const { consoleSessions } = statements.tables;
  const text =
    `DELETE FROM ${consoleSessions} WHERE id IN (SELECT id FROM ${consoleSessions} ` +
    `WHERE created_at <= ${parameters.mark(createdUntil, 'timestamptz')} ` +
    `OR last_seen_at <= ${parameters.mark(lastSeenUntil, 'timestamptz')} LIMIT ${BATCH}${unlocked(statements)})`;
  return { text, values: parameters.values };
}

/** Two that open sessions at once may leave one too many, which the next one ends. */
function* endExcess(
  statements: StatementBuilder,
  holder: ConsoleHolder,
  { maxSessions, endingOf }: OpeningTerms,
): Write<void> {
  const select = heldBy(statements.select(ConsoleSessionRow, 'session'), 'session', holder)
    .orderBy({ 'session.lastSeenAt': 'DESC', 'session.id': 'DESC' })
    .offset(maxSessions)
    .limit(BATCH);
  const excess = statements.rowsOf(ConsoleSessionRow, 'session', yield statementOf(select)).map(toConsoleSession);
  if (excess.length === 0) return;
  const parameters = statements.parameters();
  const ids = among(
    parameters,
    excess.map(({ id }) => id),
  );
  const text = `DELETE FROM ${statements.tables.consoleSessions} WHERE id ${ids} RETURNING id`;
  const ended = new Set((yield { text, values: parameters.values }).map(({ id }) => id));
  for (const session of excess.filter(({ id }) => ended.has(id))) yield insertEvent(statements, endingOf(session));
}

function heldBy(
  select: SelectQueryBuilder<ConsoleSessionRow>,
  alias: string,
  holder: ConsoleHolder,
): SelectQueryBuilder<ConsoleSessionRow> {
  const held = select.where(`${alias}.holderKind = :kind`, { kind: holder.kind });
  return holder.kind === 'operator' ? held : held.andWhere(`${alias}.apiKeyId = :id`, { id: holder.apiKeyId });
}

/** Two that remove the same rows must not wait for each other. */
function unlocked({ dialect }: StatementBuilder): string {
  return dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : '';
}

function insertEvent(statements: StatementBuilder, event: ConsoleEvent): Statement {
  return event.organizationId === undefined
    ? statements.insert(OperatorEventRow, toOperatorEventRow(event))
    : statements.insert(AuditEventRow, toAuditEventRow(event));
}
