import { nodeRequestOf } from '../authentication/caller-of-request.js';

const CHANGED = Symbol('feather-identity changed key');

interface Changing {
  [CHANGED]?: string;
}

/** Records the key that a request has made, changed, rotated or revoked. */
export function setChangedKey(request: object, apiKeyId: string): void {
  (nodeRequestOf(request) as Changing)[CHANGED] = apiKeyId;
}

/**
 * The id of the key that a request of Fastify or Express has made, changed, rotated or revoked. Not of a bulk request, which
 * changes many.
 *
 * @returns undefined if it has changed none
 */
export function getChangedKeyId(request: object): string | undefined {
  return (nodeRequestOf(request) as Changing)[CHANGED];
}
