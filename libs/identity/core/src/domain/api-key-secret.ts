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
  /** When a secret in its grace period was last used. For the current secret, see `ApiKey.lastUsedAt`. */
  readonly lastUsedAt: Date | null;
}
