import type { ApiKey, ApiKeySearch, FoundApiKeys, SortedPlace } from '@feather-identity/core';
import { among, type RawRow, type SqlParameters, type Statement, type StatementBuilder } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { ApiKeyRow, NO_INSTANT, SORTED_BY } from '../tables/api-keys.js';
import type { Dialect } from '../tables/columns.js';
import { isMadeBy } from './descendants.js';
import { toInstant, toListedKey } from './read-api-keys.js';
import { unused } from './revoke-api-key.js';

/** The most keys that a page looks at. Twice the largest page. About 10 ms, during which SQLite blocks. */
const MAX_LOOKED_AT = 2000;

/** What filters and sorts look at. */
const COLUMNS = 'id, name, member_id, created_at, created_by_id, expires_at, disabled_at, revoked_at, last_used_at';

/** No text that can be stored comes behind it. */
const LAST_CHARACTER = '\u{10FFFF}';

const FORWARDS = { created_at: false, name: true, last_used_at: false, expires_at: true } as const;

/** Rows that one index has together: what to select them from, and the order of that index. */
interface Source {
  readonly from: string;
  readonly order: string;
}

/**
 * Searches as `ApiKeyRepository.search` promises. Where few keys pass one of the filters, it takes all of those from the
 * index of that filter. Otherwise it walks along the index of the order, as far as a page may.
 */
export async function searchKeys(
  storage: Storage,
  organizationId: string,
  search: ApiKeySearch,
): Promise<FoundApiKeys> {
  const build = new SearchStatements(storage.statements, organizationId, search);
  const filter = await rarest(storage, build);
  const read = await storage.read<FoundRow>(filter === null ? build.alongOrder() : build.amongFiltered(filter));
  const rows = Array.from(read);
  const found = rows.filter(({ is_end }) => !Number(is_end));
  const page = found.slice(0, search.limit);
  const end = found.length > search.limit ? page.at(-1) : rows.find(({ is_end }) => Number(is_end));
  return { ids: page.map(({ id }) => id), next: end ? build.placeOf(end) : null };
}

/** The keys with these ids, as `ApiKeyRepository.listByIds` promises. */
export async function readByIds(storage: Storage, organizationId: string, ids: readonly string[]): Promise<ApiKey[]> {
  if (ids.length === 0) return [];
  const { statements } = storage;
  const { apiKeys, members } = statements.tables;
  const parameters = statements.parameters();
  const columns = statements.columnsOf(ApiKeyRow).map(({ name }) => `k.${name}`);
  const text =
    `SELECT ${columns.join(', ')} FROM ${apiKeys} k ` +
    `JOIN ${members} m ON m.id = k.member_id AND m.organization_id = k.organization_id ` +
    `WHERE k.id ${among(parameters, ids)} AND k.organization_id = ${parameters.mark(organizationId, 'uuid')}`;
  const rows = await storage.read({ text, values: parameters.values });
  const byId = new Map(Array.from(rows, (row) => [row['id'] as string, toListedKey(row, statements)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

interface FoundRow extends RawRow {
  readonly id: string;
  readonly sorted_by: unknown;
  readonly is_end: unknown;
}

/** The filter that the fewest keys pass; null where each is passed by more than a page may look at. */
async function rarest(storage: Storage, build: SearchStatements): Promise<SelectiveFilter | null> {
  let fewest = MAX_LOOKED_AT + 1;
  let found: SelectiveFilter | null = null;
  for (const filter of build.selective()) {
    const [row] = await storage.read(build.count(filter, fewest));
    const count = Number(row?.['count']);
    if (count >= fewest) continue;
    fewest = count;
    found = filter;
  }
  return found;
}

/** A filter that has an index. */
type SelectiveFilter =
  | 'label'
  | 'name'
  | 'disabled'
  | 'expired'
  | 'revoked'
  | 'unused'
  | 'createdBy'
  | 'expiresBefore'
  | 'memberId';

class SearchStatements {
  readonly #dialect: Dialect;

  constructor(
    private readonly statements: StatementBuilder,
    private readonly organizationId: string,
    private readonly search: ApiKeySearch,
  ) {
    this.#dialect = statements.dialect;
  }

  /** The given filters that have an index, except for the one that the walk along the order keeps to. */
  selective(): SelectiveFilter[] {
    const { label, nameBegins, status, unusedSince, createdBy, expiresBefore, memberId, sort } = this.search;
    const given: SelectiveFilter[] = [];
    if (createdBy !== undefined) given.push('createdBy');
    if (memberId !== undefined) given.push('memberId');
    if (expiresBefore !== undefined && sort !== 'expires_at') given.push('expiresBefore');
    if (label !== undefined) given.push('label');
    if (nameBegins !== undefined && sort !== 'name') given.push('name');
    if (status === 'expired' && sort !== 'expires_at') given.push(status);
    if ((status === 'disabled' || status === 'revoked') && sort !== 'created_at') given.push(status);
    if (unusedSince !== undefined && sort !== 'last_used_at') given.push('unused');
    return given;
  }

  /** Counts the keys that pass a filter, up to a number. */
  count(filter: SelectiveFilter, most: number): Statement {
    const parameters = this.statements.parameters();
    const { from, order } = this.filtered(parameters, filter);
    const text = `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} ${order} LIMIT ${parameters.mark(most, 'integer')}) few`;
    return { text, values: parameters.values };
  }

  /** Selects the page from all keys that pass a filter. */
  amongFiltered(filter: SelectiveFilter): Statement {
    const parameters = this.statements.parameters();
    const { from, order } = this.filtered(parameters, filter);
    // As many as were counted a moment ago. Without an order and a limit, planners prefer an index of more keys.
    const most = parameters.mark(2 * MAX_LOOKED_AT, 'integer');
    const text =
      `WITH looked_at AS MATERIALIZED (SELECT ${this.columns('k')} FROM ${this.keysOf(`${from} ${order} LIMIT ${most}`, filter)}) ` +
      this.page(parameters, this.after(parameters));
    return { text, values: parameters.values };
  }

  /** Selects the page from the next keys in the order, and where it stopped to look. */
  alongOrder(): Statement {
    const parameters = this.statements.parameters();
    const { sort } = this.search;
    const looked = this.isFiltered ? Math.max(MAX_LOOKED_AT, this.search.limit + 1) : this.search.limit + 1;
    const most = parameters.mark(looked, 'integer');
    const order = this.orderBy(sort);
    const sources = this.walked(parameters).map((condition) => {
      const from = `${this.statements.tables.apiKeys} WHERE ${condition}`;
      return `SELECT * FROM (SELECT ${COLUMNS} FROM ${from} ${order} LIMIT ${most}) part`;
    });
    const walked =
      sources.length === 1
        ? sources.join()
        : `SELECT * FROM (${sources.join(' UNION ALL ')}) parts ${order} LIMIT ${most}`;
    const end = parameters.mark(looked - 1, 'integer');
    const text =
      `WITH looked_at AS MATERIALIZED (${walked}) ` +
      `SELECT * FROM (${this.page(parameters, '')}) page UNION ALL ` +
      `SELECT * FROM (SELECT ${this.found('true')} FROM looked_at AS api_keys ${order} LIMIT 1 OFFSET ${end}) last`;
    return { text, values: parameters.values };
  }

  /** Whether keys are looked at that may not be on a page. */
  private get isFiltered(): boolean {
    const { nameBegins, label, status, unusedSince, createdBy, expiresBefore, memberId } = this.search;
    const { includeRevoked, sort } = this.search;
    const filters = [nameBegins, label, status, unusedSince, createdBy, expiresBefore, memberId];
    const given = filters.some((filter) => filter !== undefined);
    return given || (!includeRevoked && sort !== 'created_at');
  }

  placeOf({ id, sorted_by: value }: FoundRow): SortedPlace {
    if (value === null || this.search.sort === 'name') return { id, value: value as string | null };
    return { id, value: toInstant(value, this.#dialect) };
  }

  private page(parameters: SqlParameters, after: string): string {
    const limit = parameters.mark(this.search.limit + 1, 'integer');
    const where = `${this.conditions(parameters).join(' AND ')}${after}`;
    return `SELECT ${this.found('false')} FROM looked_at AS api_keys WHERE ${where} ${this.orderBy(this.search.sort)} LIMIT ${limit}`;
  }

  private found(isEnd: 'true' | 'false'): string {
    const { sort } = this.search;
    return `id, ${sort === 'name' ? SORTED_BY.name[this.#dialect] : sort} AS sorted_by, ${isEnd} AS is_end`;
  }

  private columns(of: string): string {
    return COLUMNS.split(', ')
      .map((name) => `${of}.${name}`)
      .join(', ');
  }

  /** The conditions of each walk: those that the index of the order has. Revoked keys have an index of their own. */
  private walked(parameters: SqlParameters): string[] {
    const { sort, status, includeRevoked, nameBegins, unusedSince, expiresBefore, at } = this.search;
    const own = this.own(parameters);
    if (sort !== 'created_at') {
      const conditions = [own];
      if (sort === 'name' && nameBegins !== undefined) conditions.push(this.nameBegins(parameters));
      if (sort === 'last_used_at' && unusedSince !== undefined) {
        conditions.push(`${this.sorted(sort)} < ${parameters.mark(unusedSince, 'timestamptz')}`);
      }
      if (sort === 'expires_at' && status === 'expired') {
        conditions.push(`${this.sorted(sort)} <= ${parameters.mark(at, 'timestamptz')}`);
      }
      if (sort === 'expires_at' && expiresBefore !== undefined) {
        conditions.push(`${this.sorted(sort)} < ${parameters.mark(expiresBefore, 'timestamptz')}`);
      }
      return this.behind(parameters).map((behind) => [...conditions, ...behind].join(' AND '));
    }
    const behind = `${own}${this.after(parameters)}`;
    const [unrevoked, revoked] = [`${behind} AND revoked_at IS NULL`, `${behind} AND revoked_at IS NOT NULL`];
    if (status === 'revoked') return [revoked];
    if (status === 'disabled') return [`${unrevoked} AND disabled_at IS NOT NULL`];
    return status === undefined && includeRevoked ? [unrevoked, revoked] : [unrevoked];
  }

  /** The keys of the organization that pass a filter, in the order of its index. */
  private filtered(parameters: SqlParameters, filter: SelectiveFilter): Source {
    const { label, unusedSince, expiresBefore, memberId, at } = this.search;
    const { apiKeys, apiKeyLabels } = this.statements.tables;
    if (filter === 'createdBy') return { from: this.made(parameters), order: '' };
    const own = this.own(parameters);
    switch (filter) {
      case 'memberId':
        return {
          from: `${apiKeys} WHERE ${own} AND member_id = ${parameters.mark(memberId, 'uuid')}`,
          order: this.orderBy('created_at'),
        };
      case 'expiresBefore': {
        const condition = `${this.sorted('expires_at')} < ${parameters.mark(expiresBefore, 'timestamptz')}`;
        return { from: `${apiKeys} WHERE ${own} AND ${condition}`, order: this.orderBy('expires_at') };
      }
      case 'label':
        return {
          from: `${apiKeyLabels} WHERE ${own} AND label = ${parameters.mark(label, 'text')}`,
          order: 'ORDER BY api_key_id',
        };
      case 'name':
        return { from: `${apiKeys} WHERE ${own} AND ${this.nameBegins(parameters)}`, order: this.orderBy('name') };
      case 'unused': {
        const condition = `${this.sorted('last_used_at')} < ${parameters.mark(unusedSince, 'timestamptz')}`;
        return { from: `${apiKeys} WHERE ${own} AND ${condition}`, order: this.orderBy('last_used_at') };
      }
      case 'expired': {
        // By the index of the organization's keys: that of the ends alone has those of all organizations.
        const condition = `revoked_at IS NULL AND ${this.sorted('expires_at')} <= ${parameters.mark(at, 'timestamptz')}`;
        return { from: `${apiKeys} WHERE ${own} AND ${condition}`, order: this.orderBy('expires_at') };
      }
      case 'disabled': {
        const condition = 'disabled_at IS NOT NULL AND revoked_at IS NULL';
        return { from: `${apiKeys} WHERE ${own} AND ${condition}`, order: this.orderBy('created_at') };
      }
      case 'revoked':
        return { from: `${apiKeys} WHERE ${own} AND revoked_at IS NOT NULL`, order: this.orderBy('created_at') };
    }
  }

  /** The keys that a key or member made: unrevoked and revoked ones each have an index of their own. */
  private made(parameters: SqlParameters): string {
    const { createdBy, status, includeRevoked } = this.search;
    const organization = parameters.mark(this.organizationId, 'uuid');
    const made = isMadeBy(parameters, parameters.mark(createdBy, 'uuid'), organization);
    const most = parameters.mark(2 * MAX_LOOKED_AT, 'integer');
    const wanted = [
      ...(status === 'revoked' ? [] : ['revoked_at IS NULL']),
      ...(status === 'revoked' || (status === undefined && includeRevoked) ? ['revoked_at IS NOT NULL'] : []),
    ];
    const sources = wanted.map(
      (revoked) =>
        `SELECT * FROM (SELECT ${COLUMNS} FROM ${this.statements.tables.apiKeys} k ` +
        `WHERE ${made} AND ${revoked} ${this.orderBy('created_at')} LIMIT ${most}) part`,
    );
    return `(${sources.join(' UNION ALL ')}) parts`;
  }

  /** The same as keys `k`. PostgreSQL would read all keys for many labels; OFFSET 0 makes it look each one up. */
  private keysOf(from: string, filter: SelectiveFilter): string {
    const { apiKeys } = this.statements.tables;
    if (filter !== 'label') return `(SELECT ${COLUMNS} FROM ${from}) k`;
    const labelled = `(SELECT api_key_id FROM ${from}) l`;
    return this.#dialect === 'postgres'
      ? `${labelled} CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM ${apiKeys} WHERE id = l.api_key_id OFFSET 0) k`
      : `${labelled} CROSS JOIN ${apiKeys} k ON k.id = l.api_key_id`;
  }

  /** Every filter, for a row `api_keys`. */
  private conditions(parameters: SqlParameters): string[] {
    const { label, nameBegins, status, unusedSince, includeRevoked, at } = this.search;
    const { createdBy, expiresBefore, memberId } = this.search;
    const { tables } = this.statements;
    const conditions: string[] = [];
    if (nameBegins !== undefined) conditions.push(this.nameBegins(parameters));
    if (label !== undefined) {
      // A value, and no EXISTS: PostgreSQL would join with every key that has the label.
      conditions.push(
        `(SELECT l.label FROM ${tables.apiKeyLabels} l ` +
          `WHERE l.api_key_id = api_keys.id AND l.label = ${parameters.mark(label, 'text')}) IS NOT NULL`,
      );
    }
    if (createdBy !== undefined) conditions.push(`created_by_id = ${parameters.mark(createdBy, 'uuid')}`);
    if (memberId !== undefined) conditions.push(`member_id = ${parameters.mark(memberId, 'uuid')}`);
    if (expiresBefore !== undefined) conditions.push(`expires_at < ${parameters.mark(expiresBefore, 'timestamptz')}`);
    if (unusedSince !== undefined) conditions.push(unused(tables, parameters.mark(unusedSince, 'timestamptz')));
    if (status === 'revoked') conditions.push('revoked_at IS NOT NULL');
    else if (status !== undefined || !includeRevoked) conditions.push('revoked_at IS NULL');
    if (status === 'disabled') conditions.push('disabled_at IS NOT NULL');
    if (status === 'active' || status === 'expired') conditions.push('disabled_at IS NULL');
    if (status === 'active')
      conditions.push(`(expires_at IS NULL OR expires_at > ${parameters.mark(at, 'timestamptz')})`);
    if (status === 'expired') conditions.push(`expires_at <= ${parameters.mark(at, 'timestamptz')}`);
    return conditions.length === 0 ? ['true'] : conditions;
  }

  private own(parameters: SqlParameters): string {
    return `organization_id = ${parameters.mark(this.organizationId, 'uuid')}`;
  }

  private nameBegins(parameters: SqlParameters): string {
    const name = this.sorted('name');
    const folded = (text: string) =>
      `lower(${parameters.mark(text, 'text')}${this.#dialect === 'postgres' ? ' COLLATE "C"' : ''})`;
    const begin = this.search.nameBegins ?? '';
    return `${name} >= ${folded(begin)} AND ${name} < ${folded(begin + LAST_CHARACTER)}`;
  }

  private sorted(sort: ApiKeySearch['sort']): string {
    return sort === 'created_at' ? sort : SORTED_BY[sort][this.#dialect];
  }

  private orderBy(sort: ApiKeySearch['sort']): string {
    const direction = FORWARDS[sort] ? 'ASC' : 'DESC';
    return `ORDER BY ${this.sorted(sort)} ${direction}, id ${direction}`;
  }

  /**
   * The conditions of the walks behind the page before: SQLite finds the beginning of a walk by an expression and an id
   * only in an equal value of the expression.
   */
  private behind(parameters: SqlParameters): string[][] {
    const { after, sort } = this.search;
    if (after === undefined) return [[]];
    const [value, id] = [this.valueOf(parameters, after), parameters.mark(after.id, 'uuid')];
    const [sorted, than] = [this.sorted(sort), FORWARDS[sort] ? '>' : '<'];
    return [[`${sorted} = ${value}`, `id ${than} ${id}`], [`${sorted} ${than} ${value}`]];
  }

  /** The condition for keys behind the page before. */
  private after(parameters: SqlParameters): string {
    const { after, sort } = this.search;
    if (after === undefined) return '';
    const value = this.valueOf(parameters, after);
    return ` AND (${this.sorted(sort)}, id) ${FORWARDS[sort] ? '>' : '<'} (${value}, ${parameters.mark(after.id, 'uuid')})`;
  }

  /** A value of the order, as its index has it. */
  private valueOf(parameters: SqlParameters, { value }: SortedPlace): string {
    const { sort } = this.search;
    if (sort === 'name') {
      const mark = parameters.mark(value, 'text');
      return this.#dialect === 'postgres' ? `${mark} COLLATE "C"` : mark;
    }
    if (value !== null || sort === 'created_at') return parameters.mark(value, 'timestamptz');
    return NO_INSTANT[sort][this.#dialect];
  }
}
