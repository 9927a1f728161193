import type { Token } from '@feather-identity/core';
import bcrypt from 'bcrypt';
import type { HashingQueue } from './hashing-queue.js';
import { BCRYPT_COST, isBcryptHash } from './stored-hash.js';

/** bcrypt reads no more bytes than these. Longer input is refused, never truncated. */
const MAX_INPUT_BYTES = 72;

/** Called for a stored hash that is damaged or too costly, with the public part of its secret. */
export type DamagedHashListener = (keyPrefix: string) => void;

/**
 * bcrypt of the secret part alone: the verifier that needs no pepper. `cost` is log2 of the rounds, 4 to 14. Throws
 * `hashing.overloaded` if its queue is full.
 */
export class BcryptVerifier {
  constructor(
    private readonly cost: number,
    private readonly queue: HashingQueue,
    private readonly onDamagedHash: DamagedHashListener = () => undefined,
  ) {
    const { least, most } = BCRYPT_COST;
    if (!Number.isInteger(cost) || cost < least || cost > most) {
      throw new RangeError(`The cost of bcrypt must be a whole number from ${least} to ${most}.`);
    }
  }

  async hash(token: Token, signal?: AbortSignal): Promise<string> {
    const input = token.secret;
    if (!isBounded(input)) throw new RangeError('bcrypt accepts at most 72 bytes.');
    return this.queue.hash(() => bcrypt.hash(input, this.cost), signal);
  }

  /** False, without any hashing, for a stored value that is no bcrypt hash or too costly, and for more than 72 bytes. */
  async verify(token: Token, storedHash: string, signal?: AbortSignal): Promise<boolean> {
    if (!isBcryptHash(storedHash)) {
      this.onDamagedHash(token.keyPrefix);
      return false;
    }
    const input = token.secret;
    // $2y$ is PHP's name of the same algorithm, which the bcrypt package does not know.
    const known = storedHash.replace(/^\$2y\$/, '$2b$$');
    return isBounded(input) && this.queue.check(() => bcrypt.compare(input, known), signal);
  }
}

function isBounded(input: string): boolean {
  return Buffer.byteLength(input) <= MAX_INPUT_BYTES;
}
