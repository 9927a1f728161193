import { isStorableText } from './display-name.js';

/** Where a key was used from. */
export interface LastUsedFrom {
  /** IP address of the client; null where it was not known. */
  readonly address: string | null;
  /** At most `MAX_USER_AGENT` characters of the client's user agent; null if it sent none. */
  readonly userAgent: string | null;
}

/** Maximum number of characters that are kept of a user agent. */
export const MAX_USER_AGENT = 256;

/** Words that may be a key, which clients send in wrong places: no key is stored. */
const SECRETIVE = /[\w-]*[0-9A-Za-z]{20}[\w-]*|[\w-]{32,}/g;

/** What is kept of a `User-Agent`: its beginning, without words that are long enough to be keys. */
export function keptUserAgent(userAgent: string): string | null {
  // More than is kept, or a key could be cut until it is short enough.
  const kept = userAgent
    .slice(0, 2 * MAX_USER_AGENT)
    .replace(SECRETIVE, '[redacted]')
    .slice(0, MAX_USER_AGENT);
  return kept !== '' && isStorableText(kept) ? kept : null;
}
