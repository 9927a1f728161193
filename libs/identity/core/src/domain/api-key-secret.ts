/**
 * The stored verifiers of one secret, each naming its scheme and version; at least one is present.
 */
export interface SecretVerifiers {
  /**
   * Verifies the secret without a pepper: bcrypt of the secret part, which depends on no server secret. For an imported key
   * it is the hash that the other system stored, as `ImportedApiKey.hash` describes.
   */
  readonly hash: string | null;
  /** The proof: an HMAC-SHA-256 tag of the token under a versioned pepper. Null before the first one is made. */
  readonly proof: string | null;
}

/** One secret of a key. A key has several while a rotation is in its grace period. */
export interface ApiKeySecret extends SecretVerifiers {
  /** UUIDv7. */
  readonly id: string;
  readonly apiKeyId: string;
  /** The public part, by which the secret is found. Unique over all secrets. */
  readonly keyPrefix: string;
  readonly createdAt: Date;
  /** End of the grace period; null for the current secret. */
  readonly validUntil: Date | null;
  /**
   * When the secret was last used, as long as the key has others that may be valid. Otherwise it may be older than the last
   * use, or null: see `lastUseOfCurrent`.
   */
  readonly lastUsedAt: Date | null;
}

/**
 * When the current secret of a key was last used. A use of the key is one of the current secret, unless it was before that
 * secret or another one was used last.
 *
 * @param secrets - all that the key has
 * @returns null for never
 */
export function lastUseOfCurrent(
  lastUseOfKey: Date | null,
  secrets: readonly Pick<ApiKeySecret, 'createdAt' | 'validUntil' | 'lastUsedAt'>[],
): Date | null {
  const current = secrets.find(({ validUntil }) => validUntil === null);
  if (current === undefined) return null;
  const others = secrets.filter((secret) => secret !== current);
  const isOfCurrent =
    lastUseOfKey !== null &&
    others.every(({ lastUsedAt }) => lastUseOfKey >= current.createdAt && !(lastUsedAt && lastUsedAt >= lastUseOfKey));
  const known = current.lastUsedAt;
  return isOfCurrent && (known === null || known < lastUseOfKey) ? lastUseOfKey : known;
}
