import type { Token } from '@feather-identity/core';
import bcrypt from 'bcrypt';
import type { BcryptQueue } from './bcrypt-queue.js';

/** bcrypt looks at no more bytes than these; longer input is refused here, never cut. */
const MAX_INPUT_BYTES = 72;

const MIN_COST = 4;
const MAX_COST = 14;

/** bcrypt modular crypt format with a cost of at most 14: a row that was tampered with must not buy hours of CPU. */
const STORED_HASH = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./0-9A-Za-z]{53}$/;

/** Hears of a stored hash that is damaged or too costly, by the public part of its secret. */
export type DamagedHashListener = (keyPrefix: string) => void;

/**
 * The verifier that survives the loss of every pepper: bcrypt of the secret part alone. `cost` is log2 of the rounds, 4
 * to 14. Throws `hashing.overloaded` as its queue does.
 */
export class BcryptVerifier {
  constructor(
    private readonly cost: number,
    private readonly queue: BcryptQueue,
    private readonly onDamagedHash: DamagedHashListener = () => undefined,
  ) {
    if (!Number.isInteger(cost) || cost < MIN_COST || cost > MAX_COST) {
      throw new RangeError(`The cost of bcrypt is a whole number from ${MIN_COST} to ${MAX_COST}.`);
    }
  }

  async hash(token: Token, isAbandoned?: () => boolean): Promise<string> {
    const input = boundedInput(token.secret);
    return this.queue.hash(() => bcrypt.hash(input, this.cost), isAbandoned);
  }

  /** False, without any hashing, for a stored value that is no bcrypt hash or too costly. */
  async verify(token: Token, storedHash: string, isAbandoned?: () => boolean): Promise<boolean> {
    if (!STORED_HASH.test(storedHash)) {
      this.onDamagedHash(token.keyPrefix);
      return false;
    }
    const input = boundedInput(token.secret);
    return this.queue.check(() => bcrypt.compare(input, storedHash), isAbandoned);
  }
}

function boundedInput(secret: string): string {
  if (Buffer.byteLength(secret) > MAX_INPUT_BYTES) throw new RangeError('bcrypt takes at most 72 bytes.');
  return secret;
}
