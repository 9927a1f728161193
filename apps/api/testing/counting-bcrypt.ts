import type { Token } from '@feather-identity/core';
import { HashingQueue, BcryptVerifier, type DamagedHashListener } from '@feather-identity/infra';

/** Counts how often bcrypt was asked to check a secret. */
export class CountingBcrypt extends BcryptVerifier {
  checks = 0;

  constructor(
    cost: number,
    onDamagedHash?: DamagedHashListener,
    readonly jobs = new HashingQueue(),
  ) {
    super(cost, jobs, onDamagedHash);
  }

  override verify(token: Token, storedHash: string, isAbandoned?: () => boolean): Promise<boolean> {
    this.checks += 1;
    return super.verify(token, storedHash, isAbandoned);
  }
}
