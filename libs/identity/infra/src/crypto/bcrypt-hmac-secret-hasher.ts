import { SecretHasher, type SecretVerdict, type SecretVerifiers, type Token } from '@feather-identity/core';
import type { BcryptVerifier } from './bcrypt-verifier.js';
import type { HmacProof } from './hmac-proof.js';
import type { ImportedHashVerifier } from './imported/imported-hash-verifier.js';

/** The verifiers that are stored of a new secret: `bcrypt` stores hash and proof, `hmac-sha256` the proof alone. */
export type SecretScheme = 'bcrypt' | 'hmac-sha256';

/**
 * Stores two verifiers of a secret and checks the cheaper one that it can: the proof (an HMAC-SHA-256 tag) if its pepper is
 * known, so that a forged key never reaches bcrypt; otherwise the hash, so that a lost pepper loses no key. `scheme`
 * applies to new secrets; stored secrets of either kind are verified alike. An imported key has no proof at first:
 * `imported` verifies its hash once, and from then on its new proof decides.
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
