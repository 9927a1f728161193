import type { ApiKeySecret } from '../../domain/api-key-secret.js';

/**
 * Remembers which token matched which secret in this process. It holds no state and no permissions, so nothing in it can go
 * stale: a secret never gets another token. Bounded, holds digests instead of tokens, and may forget at any time.
 */
export abstract class ProofCache {
  /** Remembers that this token matched this secret. */
  abstract set(plainText: string, secret: ApiKeySecret): void;

  /** The secret that exactly this text was set with. */
  abstract get(plainText: string): ApiKeySecret | undefined;
}
