import type { Token } from '@feather-identity/core';
import bcrypt from 'bcrypt';
import type { HashingQueue } from './hashing-queue.js';
import { BCRYPT_COST, isBcryptHash } from './stored-hash.js';

/** bcrypt looks at no more bytes than these; longer input is refused here, never cut. */
const MAX_INPUT_BYTES = 72;

/** Hears of a stored hash that is damaged or too costly, by the public part of its secret. */
export type DamagedHashListener = (keyPrefix: string) => void;

/**
 * The verifier that survives the loss of every pepper: bcrypt of the secret part alone. `cost` is log2 of the rounds, 4
 * to 14. Throws `hashing.overloaded` as its queue does.
 */
export class BcryptVerifier {
  constructor(
    private readonly cost: number,
    private readonly queue: HashingQueue,
    private readonly onDamagedHash: DamagedHashListener = () => undefined,
  ) {
    const { least, most } = BCRYPT_COST;
    if (!Number.isInteger(cost) || cost < least || cost > most) {
      throw new RangeError(`The cost of bcrypt is a whole number from ${least} to ${most}.`);
    }
  }

  async hash(token: Token, signal?: AbortSignal): Promise<string> {
    const input = token.secret;
    if (!isBounded(input)) throw new RangeError('bcrypt takes at most 72 bytes.');
    return this.queue.hash(() => bcrypt.hash(input, this.cost), signal);
  }

  /** False, without any hashing, for a stored value that is no bcrypt hash or too costly, and for more than 72 bytes. */
  async verify(token: Token, storedHash: string, signal?: AbortSignal): Promise<boolean> {
    if (!isBcryptHash(storedHash)) {
      this.onDamagedHash(token.keyPrefix);
      return false;
    }
    const input = token.secret;
    // PHP's name of the same algorithm, which this library does not know.
    const known = storedHash.replace(/^\$2y\$/, '$2b$$');
    return isBounded(input) && this.queue.check(() => bcrypt.compare(input, known), signal);
  }
}

function isBounded(input: string): boolean {
  return Buffer.byteLength(input) <= MAX_INPUT_BYTES;
}
