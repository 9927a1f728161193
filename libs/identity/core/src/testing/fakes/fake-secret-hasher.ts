import { createHash, timingSafeEqual } from 'node:crypto';
import { SecretHasher, type SecretVerdict } from '../../application/ports/secret-hasher.js';
import type { SecretVerifiers } from '../../domain/api-key-secret.js';
import type { Token } from '../../domain/token.js';

/**
 * Really verifies, by SHA-256 where the real one takes bcrypt and HMAC, in microseconds. `pepper` stands for the server
 * secret behind the proofs: a hasher with another one falls back to the hash and renews the proof. Of imported keys it
 * knows `sha256:` alone.
 */
export class FakeSecretHasher extends SecretHasher {
  constructor(private readonly pepper = 'v1') {
    super();
  }

  override async hash(token: Token): Promise<SecretVerifiers> {
    return { hash: this.hashOf(token), proof: this.proofOf(token) };
  }

  override async verify(token: Token, stored: SecretVerifiers): Promise<SecretVerdict> {
    if (stored.proof?.startsWith(`fake-proof:${this.pepper}:`)) {
      return isSame(stored.proof, this.proofOf(token)) ? { valid: true, renewedProof: null } : { valid: false };
    }
    if (stored.hash === null) return { valid: false };
    const hash = stored.hash.startsWith('sha256:') ? `sha256:${digest(token.secret)}` : this.hashOf(token);
    if (!isSame(stored.hash, hash)) return { valid: false };
    return { valid: true, renewedProof: this.proofOf(token) };
  }

  private hashOf(token: Token): string {
    return `fake-hash:${digest(token.secret)}`;
  }

  private proofOf(token: Token): string {
    return `fake-proof:${this.pepper}:${digest(`${this.pepper}:${token.reveal()}`)}`;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}
