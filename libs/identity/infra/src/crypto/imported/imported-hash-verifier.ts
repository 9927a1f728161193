import { hash, scrypt, timingSafeEqual } from 'node:crypto';
import { parseNestarcKey, type Token } from '@feather-identity/core';
import type { BcryptVerifier, DamagedHashListener } from '../bcrypt-verifier.js';
import type { HashingQueue } from '../hashing-queue.js';
import type { ForeignPeppers } from './foreign-peppers.js';
import { readStoredHash, type StoredHash } from '../stored-hash.js';

type ScryptHash = Extract<StoredHash, { scheme: 'scrypt' }>;

/** What `ImportedHashVerifier` needs. */
export interface ImportedHashParts {
  readonly bcrypt: BcryptVerifier;
  readonly queue: HashingQueue;
  readonly peppers: ForeignPeppers;
  readonly onDamagedHash?: DamagedHashListener | undefined;
}

/** Verifies keys of other systems by what was stored there. Throws `hashing.overloaded` as its queue does. */
export class ImportedHashVerifier {
  constructor(private readonly parts: ImportedHashParts) {}

  /** False, without any hashing, for a stored value that is damaged or too costly, and where its pepper is not at hand. */
  async verify(token: Token, storedHash: string, isAbandoned?: () => boolean): Promise<boolean> {
    const { bcrypt, queue, peppers, onDamagedHash } = this.parts;
    const stored = readStoredHash(storedHash);
    if (typeof stored === 'string') {
      onDamagedHash?.(token.keyPrefix);
      return false;
    }
    const plainText = token.reveal();
    switch (stored.scheme) {
      case 'sha256':
        return timingSafeEqual(hash('sha256', plainText, 'buffer'), stored.digest);
      case 'hmac-sha256': {
        const mac = peppers.mac(stored.pepper, plainText);
        return mac !== undefined && timingSafeEqual(mac, stored.digest);
      }
      case 'nestarc': {
        const key = parseNestarcKey(plainText);
        const digest = key && peppers.digest(stored.pepper, key.secret);
        return digest ? timingSafeEqual(digest, stored.digest) : false;
      }
      case 'bcrypt':
        return bcrypt.verify(token, storedHash, isAbandoned);
      case 'argon2':
        return queue.check(() => verifyArgon2(storedHash, plainText), isAbandoned);
      case 'scrypt':
        return queue.check(() => verifyScrypt(stored, plainText), isAbandoned);
    }
  }
}

/** Loaded by those who have such hashes: no other installation depends on its binary. */
async function verifyArgon2(storedHash: string, plainText: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2');
  return verify(storedHash, plainText);
}

function verifyScrypt({ cost, salt, digest }: ScryptHash, plainText: string): Promise<boolean> {
  const { N, r, p } = cost;
  // Node's own bound is 32 MiB; the cost was bounded when the hash was read (RFC 7914, section 2).
  const maxmem = 128 * r * (N + p + 2) + 1024;
  return new Promise((resolve, reject) => {
    scrypt(plainText, salt, digest.length, { N, r, p, maxmem }, (error, derived) => {
      if (error === null) resolve(timingSafeEqual(derived, digest));
      else reject(error);
    });
  });
}
