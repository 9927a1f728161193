import { SecretHasher, type SecretVerdict, type SecretVerifiers, type Token } from '@feather-identity/core';
import type { BcryptVerifier } from './bcrypt-verifier.js';
import type { HmacProof } from './hmac-proof.js';

/**
 * Keeps two verifiers of a secret and lets the cheapest whose key material is at hand decide: the HMAC proof while its
 * pepper is known, so that a forged key never reaches bcrypt, and bcrypt when it is not, so that no lost pepper costs
 * a key.
 */
export class BcryptHmacSecretHasher extends SecretHasher {
  constructor(
    private readonly bcrypt: BcryptVerifier,
    private readonly proof: HmacProof,
  ) {
    super();
  }

  override async hash(token: Token): Promise<SecretVerifiers> {
    return { bcryptHash: await this.bcrypt.hash(token), proof: this.proof.of(token) };
  }

  override async verify(token: Token, stored: SecretVerifiers): Promise<SecretVerdict> {
    switch (this.proof.verify(token, stored.proof)) {
      case 'valid':
        return { valid: true, renewedProof: null };
      case 'valid-under-old-pepper':
        return { valid: true, renewedProof: this.proof.of(token) };
      case 'invalid':
        return { valid: false };
      case 'unknown':
        return this.verifyByBcrypt(token, stored.bcryptHash);
    }
  }

  private async verifyByBcrypt(token: Token, storedHash: string | null): Promise<SecretVerdict> {
    if (storedHash === null || !(await this.bcrypt.verify(token, storedHash))) return { valid: false };
    return { valid: true, renewedProof: this.proof.of(token) };
  }
}
