import { ImportedToken } from '@feather-identity/core';
import { describe, expect, it, jest } from '@jest/globals';
import { BcryptVerifier } from '../bcrypt-verifier.js';
import { HashingQueue } from '../hashing-queue.js';
import { ForeignPeppers } from './foreign-peppers.js';
import { ImportedHashVerifier } from './imported-hash-verifier.js';

// No hash is known that is read here and refused there: that is what this is for.
jest.unstable_mockModule('@node-rs/argon2', () => ({ verify: () => Promise.reject(new Error('value is invalid')) }));

describe('a hash that only its library finds damaged', () => {
  it('is a no, and is reported', async () => {
    const queue = new HashingQueue();
    const damaged: string[] = [];
    const verifier = new ImportedHashVerifier({
      bcrypt: new BcryptVerifier(4, queue),
      queue,
      peppers: ForeignPeppers.none,
      onDamagedHash: (keyPrefix) => damaged.push(keyPrefix),
    });
    const storedHash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const token = new ImportedToken('imported_aB3xY9zQ', 'password');
    await expect(verifier.verify(token, storedHash)).resolves.toBe(false);
    expect(damaged).toEqual(['imported_aB3xY9zQ']);
  });
});
