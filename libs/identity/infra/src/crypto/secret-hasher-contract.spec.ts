import { secretHasherContract } from '@feather-identity/core/testing';
import { describe, it } from '@jest/globals';
import { BcryptHmacSecretHasher } from './bcrypt-hmac-secret-hasher.js';
import { HashingQueue } from './hashing-queue.js';
import { BcryptVerifier } from './bcrypt-verifier.js';
import { HmacProof } from './hmac-proof.js';
import { generatePepper, PepperRing } from './pepper-ring.js';

const LOWEST_COST = 4;

describe.each(['bcrypt', 'hmac-sha256'] as const)('bcrypt and HMAC secret hasher that stores %s', (scheme) => {
  const proof = new HmacProof(PepperRing.parse(generatePepper(1)));
  const hasher = new BcryptHmacSecretHasher(new BcryptVerifier(LOWEST_COST, new HashingQueue()), proof, scheme);

  for (const { promise, run } of secretHasherContract) it(promise, () => run({ hasher }));
});
