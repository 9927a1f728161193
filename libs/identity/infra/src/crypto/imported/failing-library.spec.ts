import * as crypto from 'node:crypto';
import { ImportedToken } from '@feather-identity/core';
import { describe, expect, it, jest } from '@jest/globals';
import { BcryptVerifier } from '../bcrypt-verifier.js';
import { HashingQueue } from '../hashing-queue.js';
import { ImportedPeppers } from './imported-peppers.js';

// No hash is known that is read here and refused there, and memory lacks at other times: that is what these are for.
jest.unstable_mockModule('@node-rs/argon2', () => ({ verify: () => Promise.reject(new Error('value is invalid')) }));
jest.unstable_mockModule('node:crypto', () => ({
  ...crypto,
  scrypt: (...args: unknown[]) => {
    (args.at(-1) as (error: Error) => void)(new Error('malloc failure'));
  },
}));
const { ImportedHashVerifier } = await import('./imported-hash-verifier.js');

const ARGON2 = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const SCRYPT = '$scrypt$ln=14,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

function aVerifier() {
  const queue = new HashingQueue();
  const damaged: string[] = [];
  const verifier = new ImportedHashVerifier({
    bcrypt: new BcryptVerifier(4, queue),
    queue,
    peppers: ImportedPeppers.none,
    onDamagedHash: (keyPrefix) => damaged.push(keyPrefix),
  });
  const verify = (storedHash: string) =>
    verifier.verify(new ImportedToken('imported_aB3xY9zQ', 'password'), storedHash);
  return { damaged, verify };
}

describe('a library that fails', () => {
  it('over a hash that it alone finds damaged makes it a no, and is reported', async () => {
    const { damaged, verify } = aVerifier();
    await expect(verify(ARGON2)).resolves.toBe(false);
    expect(damaged).toEqual(['imported_aB3xY9zQ']);
  });

  it('for want of memory says nothing of the key', async () => {
    const { damaged, verify } = aVerifier();
    await expect(verify(SCRYPT)).rejects.toThrow('malloc failure');
    expect(damaged).toEqual([]);
  });
});
