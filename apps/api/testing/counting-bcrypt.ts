import type { Token } from '@feather-identity/core';
import { BcryptVerifier } from '@feather-identity/infra';

/** Counts how often bcrypt checked a secret. */
export class CountingBcrypt extends BcryptVerifier {
  checks = 0;

  override verify(token: Token, storedHash: string): Promise<boolean> {
    this.checks += 1;
    return super.verify(token, storedHash);
  }
}
