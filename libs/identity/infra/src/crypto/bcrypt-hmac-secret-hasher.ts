import { SecretHasher, type SecretVerdict, type SecretVerifiers, type Token } from '@feather-identity/core';
import type { BcryptVerifier } from './bcrypt-verifier.js';
import type { HmacProof } from './hmac-proof.js';

/** What new secrets are stored with: `bcrypt` both verifiers, `hmac-sha256` the proof alone. */
export type SecretScheme = 'bcrypt' | 'hmac-sha256';

/**
 * Keeps two verifiers of a secret and lets the cheapest whose key material is at hand decide: the HMAC proof while its
 * pepper is known, so that a forged key never reaches bcrypt, and bcrypt when it is not, so that no lost pepper costs
 * a key. The scheme counts for new secrets alone: stored ones of either kind verify alike.
 */
export class BcryptHmacSecretHasher extends SecretHasher {
  constructor(
    private readonly bcrypt: BcryptVerifier,
    private readonly proof: HmacProof,
    private readonly scheme: SecretScheme = 'bcrypt',
  ) {
    super();
  }

  override async hash(token: Token, isAbandoned?: () => boolean): Promise<SecretVerifiers> {
    const bcryptHash = this.scheme === 'bcrypt' ? await this.bcrypt.hash(token, isAbandoned) : null;
    return { bcryptHash, proof: this.proof.of(token) };
  }

  override async verify(token: Token, stored: SecretVerifiers, isAbandoned?: () => boolean): Promise<SecretVerdict> {
    switch (this.proof.verify(token, stored.proof)) {
      case 'valid':
        return { valid: true, renewedProof: null };
      case 'valid-under-old-pepper':
        return { valid: true, renewedProof: this.proof.of(token) };
      case 'invalid':
        return { valid: false };
      case 'unknown':
        return this.verifyByBcrypt(token, stored.bcryptHash, isAbandoned);
    }
  }

  private async verifyByBcrypt(
    token: Token,
    storedHash: string | null,
    isAbandoned?: () => boolean,
  ): Promise<SecretVerdict> {
    if (storedHash === null || !(await this.bcrypt.verify(token, storedHash, isAbandoned))) return { valid: false };
    return { valid: true, renewedProof: this.proof.of(token) };
  }
}
