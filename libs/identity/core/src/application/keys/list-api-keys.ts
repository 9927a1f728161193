import { ApiKey } from '../../domain/api-key.js';
import { isKeyPrefix } from '../../domain/key-prefix.js';
import { isStorableText } from '../../domain/display-name.js';
import { fromCursor, toCursor } from '../page.js';
import type {
  ApiKeyDetails,
  ApiKeyFilters,
  ApiKeyPage,
  ApiKeyRepository,
  ApiKeySort,
} from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { UsageCounts } from '../ports/usage-counts.js';
import { recentUsage, type RecentUsage, UNUSED } from '../usage/recent-usage.js';
import { comparePlaces, fromSortedCursor, matches, placeIn, toSortedCursor } from './key-search.js';

/** Keys that are read at once. With many scopes 1,000 of them are 4.5 MB: other requests would wait for all of it. */
export const KEYS_AT_ONCE = 50;

/** About how long the text of a part may be: if the keys have many scopes, fewer are read at once. */
const CHARACTERS_AT_ONCE = 100_000;

/** About how long the text of a key is without its name, notes and scopes. */
const CHARACTERS_OF_KEY = 300;

/** The requested part of the list. */
export interface ListApiKeysRequest extends ApiKeyFilters {
  /** The most keys that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the beginning. */
  readonly cursor?: string | undefined;
  readonly includeRevoked: boolean;
  /** Only keys that have or had a secret with this public part. Default: all. */
  readonly keyPrefix?: string | undefined;
  /** Default: `created_at`. */
  readonly sort?: ApiKeySort | undefined;
}

/** A key, and how often it was used lately. */
export class ListedApiKey extends ApiKey {
  constructor(
    apiKey: ApiKey,
    readonly usage30d: RecentUsage,
  ) {
    super(apiKey);
  }
}

/** A page of keys that is read while it is sent. */
export interface ApiKeyList {
  /** The first keys, at most `KEYS_AT_ONCE`. */
  readonly first: readonly ListedApiKey[];
  /**
   * The other keys of the page, in parts of at most `KEYS_AT_ONCE`, each read when it is asked for; null if there are
   * none.
   */
  readonly rest: AsyncGenerator<readonly ListedApiKey[], void> | null;
  /** The cursor of the next page; null at the end of the list. */
  readonly next: string | null;
}

/** The same without their usage. */
interface StoredKeyList {
  readonly first: readonly ApiKey[];
  readonly rest: AsyncGenerator<readonly ApiKey[], void> | null;
  readonly next: string | null;
}

/** Lists and searches the keys of one organization; newest first, unless they are to be sorted otherwise. */
export class ListApiKeys {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly usageCounts: UsageCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns a page that contains each key exactly once that exists from the first read to the last. With filters it may
   *   have fewer keys than its limit, though others follow: `next` alone says so
   * @throws IdentityError `cursor.invalid`
   */
  async execute(organizationId: string, request: ListApiKeysRequest): Promise<ApiKeyList> {
    const { first, rest, next } = await this.list(organizationId, request);
    const listed = (keys: readonly ApiKey[]) => this.withUsage(organizationId, keys);
    return { first: await listed(first), rest: rest && withEach(rest, listed), next };
  }

  /** One read for the keys that are read at once. */
  private async withUsage(organizationId: string, keys: readonly ApiKey[]): Promise<readonly ListedApiKey[]> {
    const ids = keys.map(({ id }) => id);
    const usage = await recentUsage(this.usageCounts, organizationId, ids, this.clock.now());
    return keys.map((key) => new ListedApiKey(key, usage.get(key.id) ?? UNUSED));
  }

  private async list(organizationId: string, request: ListApiKeysRequest): Promise<StoredKeyList> {
    if (request.keyPrefix !== undefined) return this.listByPrefix(organizationId, request.keyPrefix, request);
    if (isSearch(request)) return this.search(organizationId, request);
    const { cursor, includeRevoked, createdBy, expiresBefore, memberId } = request;
    const filters = { includeRevoked, createdBy, expiresBefore, memberId };
    const limit = Math.min(request.limit, KEYS_AT_ONCE);
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    // One more shows whether others follow.
    const found = await this.apiKeys.list(organizationId, { limit: limit + 1, after, ...filters });
    const first = found.slice(0, limit);
    const last = first.at(-1);
    if (last === undefined || found.length <= limit) return { first, rest: null, next: null };
    const left = request.limit - limit;
    if (left === 0) return { first, rest: null, next: toCursor(last) };
    const end = await this.apiKeys.findPageEnd(organizationId, { limit: left, after: last, ...filters });
    const rest = this.parts(organizationId, { until: end ?? undefined, ...filters }, first);
    return { first, rest, next: end && toCursor(end) };
  }

  /** There are so few that they are read one by one. */
  private async listByPrefix(
    organizationId: string,
    keyPrefix: string,
    { cursor, limit, includeRevoked, sort = 'created_at', ...filters }: ListApiKeysRequest,
  ): Promise<StoredKeyList> {
    const after = cursor === undefined ? undefined : fromSortedCursor(sort, cursor);
    const found = isKeyPrefix(keyPrefix) ? await this.apiKeys.findByKeyPrefix(organizationId, keyPrefix) : [];
    const details = await Promise.all(found.map(({ id }) => this.apiKeys.find(organizationId, id)));
    const isWanted = (key: ApiKeyDetails) =>
      matches(key, filters, this.clock.now()) &&
      (includeRevoked || filters.status === 'revoked' || key.apiKey.revokedAt === null) &&
      (after === undefined || comparePlaces(sort, after, placeIn(sort, key.apiKey)) < 0);
    const keys = details
      .flatMap((key) => (key !== null && isWanted(key) ? [key.apiKey] : []))
      .sort((a, b) => comparePlaces(sort, placeIn(sort, a), placeIn(sort, b)));
    const first = keys.slice(0, limit);
    const last = keys.length > limit ? first.at(-1) : undefined;
    return { first, rest: null, next: last === undefined ? null : toSortedCursor(sort, placeIn(sort, last)) };
  }

  /** Which keys are on the page is found at once, by their ids; they are read in parts. */
  private async search(organizationId: string, request: ListApiKeysRequest): Promise<StoredKeyList> {
    const { cursor, sort = 'created_at', ...search } = request;
    const after = cursor === undefined ? undefined : fromSortedCursor(sort, cursor);
    // No name has it, and PostgreSQL refuses it.
    if (!isStorableText(search.nameBegins ?? '')) return { first: [], rest: null, next: null };
    const found = await this.apiKeys.search(organizationId, { ...search, sort, after, at: this.clock.now() });
    const shown = async (ids: readonly string[]) => {
      const keys = await this.apiKeys.listByIds(organizationId, ids);
      const isShown = (key: ApiKey) => search.status === 'revoked' || search.includeRevoked || key.revokedAt === null;
      // One may have been revoked since.
      return keys.filter(isShown);
    };
    const first = await shown(found.ids.slice(0, KEYS_AT_ONCE));
    const others = found.ids.slice(KEYS_AT_ONCE);
    const rest = others.length === 0 ? null : partsOf(others, first, shown);
    return { first, rest, next: found.next && toSortedCursor(sort, found.next) };
  }

  private async *parts(
    organizationId: string,
    page: ApiKeyPage,
    first: readonly ApiKey[],
  ): AsyncGenerator<readonly ApiKey[], void> {
    let keys = first;
    for (;;) {
      const limit = howManyAtOnce(keys);
      keys = await this.apiKeys.list(organizationId, { ...page, after: keys.at(-1), limit });
      if (keys.length > 0) yield keys;
      if (keys.length < limit) return;
    }
  }
}

function isSearch({ nameBegins, label, status, unusedSince, sort = 'created_at' }: ListApiKeysRequest): boolean {
  return [nameBegins, label, status, unusedSince].some((filter) => filter !== undefined) || sort !== 'created_at';
}

async function* withEach<Part, Result>(
  parts: AsyncGenerator<Part, void>,
  work: (part: Part) => Promise<Result>,
): AsyncGenerator<Result, void> {
  for await (const part of parts) yield await work(part);
}

async function* partsOf(
  ids: readonly string[],
  first: readonly ApiKey[],
  read: (ids: readonly string[]) => Promise<readonly ApiKey[]>,
): AsyncGenerator<readonly ApiKey[], void> {
  let keys = first;
  for (let at = 0; at < ids.length;) {
    const limit = howManyAtOnce(keys);
    keys = await read(ids.slice(at, at + limit));
    at += limit;
    if (keys.length > 0) yield keys;
  }
}

/** How many keys to read that are probably like these. */
function howManyAtOnce(keys: readonly ApiKey[]): number {
  const characters = keys.reduce((sum, key) => sum + charactersOf(key), 0);
  if (characters === 0) return KEYS_AT_ONCE;
  const some = Math.floor((CHARACTERS_AT_ONCE * keys.length) / characters);
  return Math.max(1, Math.min(some, KEYS_AT_ONCE));
}

function charactersOf({ name, description, labels, metadata, grant }: ApiKey): number {
  const noted = (description ?? '').length + (metadata === null ? 0 : JSON.stringify(metadata).length);
  return CHARACTERS_OF_KEY + name.length + noted + lengthOf(labels) + lengthOf(grant.scopes);
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
