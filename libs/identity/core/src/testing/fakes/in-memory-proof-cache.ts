import { createHash } from 'node:crypto';
import { ProofCache } from '../../application/ports/proof-cache.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';

/** Remembers everything. */
export class InMemoryProofCache extends ProofCache {
  readonly #secrets = new Map<string, ApiKeySecret>();

  override set(plainText: string, secret: ApiKeySecret): void {
    this.#secrets.set(digest(plainText), secret);
  }

  override get(plainText: string): ApiKeySecret | undefined {
    return this.#secrets.get(digest(plainText));
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
