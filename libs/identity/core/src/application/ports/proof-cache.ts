import type { ApiKeySecret } from '../../domain/api-key-secret.js';

/**
 * What this process has proven: that a token opens a secret. It knows nothing of permissions, so nothing in it can go
 * stale: a secret never gets another token. Bounded, holds digests instead of tokens, and may forget at any time.
 */
export abstract class ProofCache {
  abstract set(plainText: string, secret: ApiKeySecret): void;

  /** The secret that exactly this text was remembered with. */
  abstract get(plainText: string): ApiKeySecret | undefined;
}
