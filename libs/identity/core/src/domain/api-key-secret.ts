/**
 * The stored verifiers of one secret, each naming its scheme and version; at least one is present.
 */
export interface SecretVerifiers {
  /**
   * What verifies the secret without our pepper: bcrypt of the secret part alone, which depends on no server secret; for
   * a key of another system what was stored there, in one of the spellings of `ImportedApiKey.hash`.
   */
  readonly hash: string | null;
  /** HMAC-SHA-256 of the token under a versioned pepper. */
  readonly proof: string | null;
}

/** One secret of a key. A key has several while a rotation is in its grace period. */
export interface ApiKeySecret extends SecretVerifiers {
  /** UUIDv7. */
  readonly id: string;
  readonly apiKeyId: string;
  /** Public part by which it is found; unique over all secrets. */
  readonly keyPrefix: string;
  readonly createdAt: Date;
  /** End of the grace period; null for the current secret. */
  readonly validUntil: Date | null;
  /** When a secret in its grace period was last used; that of the current one is the key's own. */
  readonly lastUsedAt: Date | null;
}
