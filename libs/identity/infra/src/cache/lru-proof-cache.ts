import * as crypto from 'node:crypto';
import { type ApiKeySecret, ProofCache } from '@feather-identity/core';
import { LRUCache } from 'lru-cache';

/** Some 20 MB when full. A token beyond it costs one HMAC more, or one bcrypt where its pepper is lost. */
const MAX_TOKENS = 50_000;

/** Remembers the most recently used tokens by their SHA-256 (FIPS 180-4): no token stays in memory. */
export class LruProofCache extends ProofCache {
  readonly #secrets = new LRUCache<string, ApiKeySecret>({ max: MAX_TOKENS });

  override set(plainText: string, secret: ApiKeySecret): void {
    this.#secrets.set(digest(plainText), secret);
  }

  override get(plainText: string): ApiKeySecret | undefined {
    return this.#secrets.get(digest(plainText));
  }
}

// One-shot: three times as fast as a Hash object.
function digest(text: string): string {
  return crypto.hash('sha256', text, 'base64');
}
