import type { ApiKey } from '../domain/api-key.js';
import { fromCursor, toCursor } from './page-cursor.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';

/** Which part of the list is wanted. */
export interface ListApiKeysRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly includeRevoked: boolean;
}

/** A part of a list, and the cursor of the next part; null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The keys of one organization, newest first. Throws `cursor.invalid`. */
export class ListApiKeys {
  constructor(private readonly apiKeys: ApiKeyRepository) {}

  async execute(organizationId: string, request: ListApiKeysRequest): Promise<Page<ApiKey>> {
    const { limit, cursor, includeRevoked } = request;
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    // One more tells whether there is a next page.
    const found = await this.apiKeys.list(organizationId, { limit: limit + 1, after, includeRevoked });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? toCursor(last) : null };
  }
}
