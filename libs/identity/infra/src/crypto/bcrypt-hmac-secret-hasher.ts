import { SecretHasher, type SecretVerdict, type SecretVerifiers, type Token } from '@feather-identity/core';
import type { BcryptVerifier } from './bcrypt-verifier.js';
import type { HmacProof } from './hmac-proof.js';
import type { ImportedHashVerifier } from './imported/imported-hash-verifier.js';

/** What new secrets are stored with: `bcrypt` both verifiers, `hmac-sha256` the proof alone. */
export type SecretScheme = 'bcrypt' | 'hmac-sha256';

/**
 * Keeps two verifiers of a secret and lets the cheapest whose key material is at hand decide: the HMAC proof while its
 * pepper is known, so that a forged key never reaches bcrypt, and bcrypt when it is not, so that no lost pepper costs
 * a key. The scheme counts for new secrets alone: stored ones of either kind verify alike. An imported key has no proof
 * yet: `imported` verifies its hash once, and from then on the proof that is made of it decides.
 */
export class BcryptHmacSecretHasher extends SecretHasher {
  constructor(
    private readonly bcrypt: BcryptVerifier,
    private readonly proof: HmacProof,
    private readonly scheme: SecretScheme = 'bcrypt',
    private readonly imported?: ImportedHashVerifier,
  ) {
    super();
  }

  override async hash(token: Token, signal?: AbortSignal): Promise<SecretVerifiers> {
    const hash = this.scheme === 'bcrypt' ? await this.bcrypt.hash(token, signal) : null;
    return { hash, proof: this.proof.of(token) };
  }

  override async verify(token: Token, stored: SecretVerifiers, signal?: AbortSignal): Promise<SecretVerdict> {
    switch (this.proof.verify(token, stored.proof)) {
      case 'valid':
        return { valid: true, renewedProof: null };
      case 'valid-under-old-pepper':
        return { valid: true, renewedProof: this.proof.of(token) };
      case 'invalid':
        return { valid: false };
      case 'unknown':
        return this.verifyByHash(token, stored.hash, signal);
    }
  }

  private async verifyByHash(token: Token, storedHash: string | null, signal?: AbortSignal): Promise<SecretVerdict> {
    if (storedHash === null) return { valid: false };
    const verifier = this.imported ?? this.bcrypt;
    if (!(await verifier.verify(token, storedHash, signal))) return { valid: false };
    return { valid: true, renewedProof: this.proof.of(token) };
  }
}
