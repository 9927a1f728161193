import type { ApiKey } from '../../domain/api-key.js';
import { isKeyPrefix } from '../../domain/key-prefix.js';
import { fromCursor, toCursor } from '../page.js';
import type { ApiKeyPage, ApiKeyPlace, ApiKeyRepository } from '../ports/api-key-repository.js';

/** Keys that are read at once. With many scopes 1,000 of them are 4.5 MB: other requests would wait for all of it. */
export const KEYS_AT_ONCE = 50;

/** About how long the text of a part may be: if the keys have many scopes, fewer are read at once. */
const CHARACTERS_AT_ONCE = 100_000;

/** About how long the text of a key is without its name, notes and scopes. */
const CHARACTERS_OF_KEY = 300;

/** The part of the list that is wanted. */
export interface ListApiKeysRequest {
  /** The most keys that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the beginning. */
  readonly cursor?: string | undefined;
  readonly includeRevoked: boolean;
  /** Only keys that have or had a secret with this public part. Default: all. */
  readonly keyPrefix?: string | undefined;
}

/** A page of keys that is read while it is sent. */
export interface ApiKeyList {
  /** The first keys, at most `KEYS_AT_ONCE`. */
  readonly first: readonly ApiKey[];
  /**
   * The other keys of the page, in parts of at most `KEYS_AT_ONCE`, each read when it is asked for; null if there are
   * none.
   */
  readonly rest: AsyncGenerator<readonly ApiKey[], void> | null;
  /** The cursor of the next page; null at the end of the list. */
  readonly next: string | null;
}

/** Lists the keys of one organization, newest first. */
export class ListApiKeys {
  constructor(private readonly apiKeys: ApiKeyRepository) {}

  /**
   * @returns a page that contains each key exactly once that exists from the first read to the last
   * @throws IdentityError `cursor.invalid`
   */
  async execute(organizationId: string, request: ListApiKeysRequest): Promise<ApiKeyList> {
    const { cursor, includeRevoked, keyPrefix } = request;
    const limit = Math.min(request.limit, KEYS_AT_ONCE);
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    // One more shows whether others follow.
    const page = { limit: limit + 1, after, includeRevoked };
    const found =
      keyPrefix === undefined
        ? await this.apiKeys.list(organizationId, page)
        : await this.listByPrefix(organizationId, keyPrefix, page);
    const first = found.slice(0, limit);
    const last = first.at(-1);
    if (last === undefined || found.length <= limit) return { first, rest: null, next: null };
    const left = request.limit - limit;
    if (left === 0 || keyPrefix !== undefined) return { first, rest: null, next: toCursor(last) };
    const end = await this.apiKeys.findPageEnd(organizationId, { limit: left, after: last, includeRevoked });
    const rest = this.parts(organizationId, { until: end ?? undefined, includeRevoked }, first);
    return { first, rest, next: end && toCursor(end) };
  }

  /** There are so few that they are read one by one. */
  private async listByPrefix(
    organizationId: string,
    keyPrefix: string,
    { limit, after, includeRevoked }: ApiKeyPage,
  ): Promise<ApiKey[]> {
    if (!isKeyPrefix(keyPrefix)) return [];
    const found = await this.apiKeys.findByKeyPrefix(organizationId, keyPrefix);
    const details = await Promise.all(found.map(({ id }) => this.apiKeys.find(organizationId, id)));
    return details
      .flatMap((each) => (each === null ? [] : [each.apiKey]))
      .filter(({ revokedAt }) => includeRevoked || revokedAt === null)
      .filter((apiKey) => after === undefined || newestFirst(after, apiKey) < 0)
      .sort(newestFirst)
      .slice(0, limit);
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

function newestFirst(a: ApiKeyPlace, b: ApiKeyPlace): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
}

/** How many keys to read that are probably like these. */
function howManyAtOnce(keys: readonly ApiKey[]): number {
  const characters = keys.reduce((sum, key) => sum + charactersOf(key), 0);
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
