import type { ApiKey, ApiKeyDetails, ApiKeyPage, ApiKeyPlace } from '@feather-identity/core';
import {
  fromSqliteInstant,
  type RawRow,
  type SqlParameters,
  type Statement,
  type StatementBuilder,
  statementOf,
} from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { type ApiKeyColumns, ApiKeyRow, SORTED_BY, toApiKey } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecret } from '../tables/api-key-secrets.js';
import { ROTATED_TO } from '../tables/audit-events.js';
import type { Dialect } from '../tables/columns.js';
import { isMadeBy } from './descendants.js';

/** Each has an index of its own: making a key should not have to write to one for both. */
const REVOKED = { no: 'revoked_at IS NULL', yes: 'revoked_at IS NOT NULL' } as const;

/** From so many keys that end before an instant on, a list of them is read in its order. */
const MANY = 1000;

type Revoked = (typeof REVOKED)[keyof typeof REVOKED];

/** A row of `selectPlaces`, as the driver gives it. */
interface PlaceRow extends RawRow {
  readonly id: string;
  readonly created_at: unknown;
}

/** A part of an organization's keys, past the ORM, as `ApiKeyRepository.list` promises. */
export async function readPage(storage: Storage, organizationId: string, asked: ApiKeyPage): Promise<ApiKey[]> {
  const { statements } = storage;
  const page = await planned(storage, organizationId, asked);
  const keys = await readBoth(page, async (revoked) => {
    const rows = await storage.read(selectKeys(statements, organizationId, page, revoked));
    return Array.from(rows, (row) => toListedKey(row, statements));
  });
  return keys.slice(0, page.limit);
}

/** Where a page of keys ends that others follow, as `ApiKeyRepository.findPageEnd` promises. */
export async function readPageEnd(
  storage: Storage,
  organizationId: string,
  asked: ApiKeyPage & { readonly limit: number },
): Promise<ApiKeyPlace | null> {
  const { statements } = storage;
  const page = await planned(storage, organizationId, asked);
  // The place of the last key on the page among those that are read. In one list it can be counted to in the database;
  // of two, PostgreSQL would sort all rows of both.
  const at = page.includeRevoked ? page.limit - 1 : 0;
  const window = { limit: at + 2, offset: page.limit - 1 - at };
  const places = await readBoth(page, async (revoked) => {
    const rows = await storage.read<PlaceRow>(selectPlaces(statements, organizationId, page, revoked, window));
    return Array.from(rows, (row) => ({ createdAt: toInstant(row.created_at, statements.dialect), id: row.id }));
  });
  return places[at + 1] === undefined ? null : (places[at] ?? null);
}

/** A page, and whether SQLite is kept from looking up the keys by their ends. */
interface PlannedPage extends ApiKeyPage {
  readonly inOrder?: boolean;
}

/**
 * SQLite keeps no statistics. It would sort all keys that end before an instant for each part of a list: where they are
 * many, enough of them are found soon in the order of the list.
 */
async function planned<Page extends ApiKeyPage>(
  storage: Storage,
  organizationId: string,
  page: Page,
): Promise<Page & PlannedPage> {
  const { statements } = storage;
  const { createdBy, expiresBefore } = page;
  if (expiresBefore === undefined || statements.dialect === 'postgres') return page;
  if (createdBy !== undefined) return { ...page, inOrder: true };
  const parameters = statements.parameters();
  const text =
    `SELECT 1 FROM ${statements.tables.apiKeys} k WHERE k.${REVOKED.no} ` +
    `AND k.organization_id = ${parameters.mark(organizationId, 'uuid')} ` +
    `AND ${SORTED_BY.expires_at[statements.dialect]} < ${parameters.mark(expiresBefore, 'timestamptz')} LIMIT ${MANY}`;
  return { ...page, inOrder: (await storage.read({ text, values: parameters.values })).length === MANY };
}

/** What is read of the unrevoked keys, and of the revoked ones where the page includes them, in the order of the list. */
async function readBoth<Item extends ApiKeyPlace>(
  { includeRevoked }: ApiKeyPage,
  read: (revoked: Revoked) => Promise<Item[]>,
): Promise<Item[]> {
  const unrevoked = await read(REVOKED.no);
  if (!includeRevoked) return unrevoked;
  const revoked = await read(REVOKED.yes);
  // One that was revoked between the two reads is in both.
  const byId = new Map([...unrevoked, ...revoked].map((item) => [item.id, item]));
  return [...byId.values()].sort(newestFirst);
}

function selectKeys(
  statements: StatementBuilder,
  organizationId: string,
  page: PlannedPage,
  revoked: Revoked,
): Statement {
  const parameters = statements.parameters();
  const { apiKeys, members } = statements.tables;
  const columns = statements.columnsOf(ApiKeyRow).map(({ name }) => `k.${name}`);
  const limit = page.limit === undefined ? '' : ` LIMIT ${parameters.mark(page.limit, 'integer')}`;
  return {
    text:
      `SELECT ${columns.join(', ')} FROM ${apiKeys} k ` +
      // Hides a key whose member is another organization's, should one ever get past the foreign keys.
      `JOIN ${members} m ON m.id = k.member_id AND m.organization_id = k.organization_id ` +
      `WHERE k.${revoked} AND ${within(parameters, organizationId, page)} ` +
      `ORDER BY k.created_at DESC, k.id DESC${limit}`,
    values: parameters.values,
  };
}

/** Selects places in the list from an index alone. */
function selectPlaces(
  statements: StatementBuilder,
  organizationId: string,
  page: PlannedPage,
  revoked: Revoked,
  window: { readonly limit: number; readonly offset: number },
): Statement {
  const parameters = statements.parameters();
  return {
    text:
      `SELECT k.created_at, k.id FROM ${statements.tables.apiKeys} k ` +
      `WHERE k.${revoked} AND ${within(parameters, organizationId, page)} ORDER BY k.created_at DESC, k.id DESC ` +
      `LIMIT ${parameters.mark(window.limit, 'integer')} OFFSET ${parameters.mark(window.offset, 'integer')}`,
    values: parameters.values,
  };
}

function within(parameters: SqlParameters, organizationId: string, page: PlannedPage): string {
  const { after, until, createdBy, expiresBefore, memberId, inOrder } = page;
  const place = ({ createdAt, id }: ApiKeyPlace) =>
    `(${parameters.mark(createdAt, 'timestamptz')}, ${parameters.mark(id, 'uuid')})`;
  const organization = parameters.mark(organizationId, 'uuid');
  const conditions = [
    createdBy === undefined
      ? `k.organization_id = ${organization}`
      : isMadeBy(parameters, parameters.mark(createdBy, 'uuid'), organization),
  ];
  if (memberId !== undefined) conditions.push(`k.member_id = ${parameters.mark(memberId, 'uuid')}`);
  if (after !== undefined) conditions.push(`(k.created_at, k.id) < ${place(after)}`);
  if (until !== undefined) conditions.push(`(k.created_at, k.id) >= ${place(until)}`);
  if (expiresBefore !== undefined) {
    // By the index of the organization's keys: that of the ends alone has those of all organizations.
    const end = inOrder ? '+k.expires_at' : SORTED_BY.expires_at[parameters.dialect];
    conditions.push(`${end} < ${parameters.mark(expiresBefore, 'timestamptz')}`);
  }
  return conditions.join(' AND ');
}

/** The key of a row with every column, past the ORM. */
export function toListedKey(row: RawRow, statements: StatementBuilder): ApiKey {
  const values: Record<string, unknown> = {};
  for (const { property, name, type } of statements.columnsOf(ApiKeyRow)) {
    const value = row[name];
    const isInstant = type === 'timestamptz' || type === 'datetime';
    if (isInstant) values[property] = value === null ? null : toInstant(value, statements.dialect);
    else values[property] = type === 'boolean' ? Boolean(value) : value;
  }
  return toApiKey(values as unknown as ApiKeyColumns);
}

/** node-postgres has made a Date of it, unless the application has put another parser in its place. */
export function toInstant(instant: unknown, dialect: Dialect): Date {
  return dialect === 'postgres' ? new Date(instant as Date | string) : fromSqliteInstant(String(instant));
}

/** Selects one key of an organization with its secrets, in one read: the rows of `detailsOf`. */
export function selectDetails(statements: StatementBuilder, organizationId: string, apiKeyId: string): Statement {
  return statementOf(
    statements
      .select(ApiKeyRow, 'apiKey')
      .innerJoin('apiKey.member', 'member', 'member.organizationId = apiKey.organizationId')
      .leftJoinAndSelect('apiKey.secrets', 'secret')
      .where({ organizationId, id: apiKeyId }),
  );
}

/**
 * Selects the keys that `ApiKeyRepository.findByKeyPrefix` promises. The event of a rotation outlives the secret that it
 * made.
 */
export function selectByKeyPrefix(
  statements: StatementBuilder,
  organizationId: string | null,
  keyPrefix: string,
): Statement {
  const { dialect, tables } = statements;
  const parameters = statements.parameters();
  const wanted = parameters.mark(keyPrefix, 'text');
  const owner = organizationId === null ? '' : ` WHERE k.organization_id = ${parameters.mark(organizationId, 'uuid')}`;
  return {
    text:
      `SELECT k.id, k.organization_id FROM (` +
      `SELECT api_key_id FROM ${tables.apiKeySecrets} WHERE key_prefix = ${wanted} UNION ALL ` +
      `SELECT api_key_id FROM ${tables.auditEvents} WHERE type = 'api_key.rotated' AND ${ROTATED_TO[dialect]} = ${wanted}` +
      `) had JOIN ${tables.apiKeys} k ON k.id = had.api_key_id${owner}`,
    values: parameters.values,
  };
}

/** The key that was selected, and its secrets, oldest first. */
export function detailsOf(statements: StatementBuilder, rows: readonly RawRow[]): ApiKeyDetails | null {
  const [first] = rows;
  const apiKey = first && statements.rowOf(ApiKeyRow, 'apiKey', first);
  if (!apiKey) return null;
  const secrets: ApiKeySecretRow[] = [];
  for (const row of rows) {
    const secret = statements.rowOf(ApiKeySecretRow, 'secret', row);
    if (secret !== null) secrets.push(secret);
  }
  return { apiKey: toApiKey(apiKey), secrets: secrets.sort(oldestFirst).map(toApiKeySecret) };
}

function newestFirst(a: ApiKeyPlace, b: ApiKeyPlace): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

function oldestFirst(a: ApiKeySecretRow, b: ApiKeySecretRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
