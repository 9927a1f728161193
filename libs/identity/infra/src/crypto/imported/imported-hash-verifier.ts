import { hash, scrypt, timingSafeEqual } from 'node:crypto';
import { parseNestarcKey, type Token } from '@feather-identity/core';
import type { BcryptVerifier, DamagedHashListener } from '../bcrypt-verifier.js';
import type { HashingQueue } from '../hashing-queue.js';
import type { ImportedPeppers } from './imported-peppers.js';
import { readStoredHash, type StoredHash } from '../stored-hash.js';

type ScryptHash = Extract<StoredHash, { scheme: 'scrypt' }>;

/** Dependencies of `ImportedHashVerifier`. */
export interface ImportedHashParts {
  readonly bcrypt: BcryptVerifier;
  readonly queue: HashingQueue;
  readonly peppers: ImportedPeppers;
  readonly onDamagedHash?: DamagedHashListener | undefined;
}

/** Verifies imported keys by the hash that the other system stored. Throws `hashing.overloaded` if the queue is full. */
export class ImportedHashVerifier {
  constructor(private readonly parts: ImportedHashParts) {}

  /** False for a stored value that is damaged or too costly, by its spelling without any hashing, and without its pepper. */
  async verify(token: Token, storedHash: string, signal?: AbortSignal): Promise<boolean> {
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
        return bcrypt.verify(token, storedHash, signal);
      case 'argon2':
        return queue.check(async () => {
          const verify = await loadArgon2();
          return this.soundOrFalse(token, verify(storedHash, plainText));
        }, signal);
      case 'scrypt':
        // The hash was parsed, so an error comes from the machine, such as too little memory, and is no verdict on the key.
        return queue.check(() => verifyScrypt(stored, plainText), signal);
    }
  }

  /** A hash that the library refuses is damaged. It counts as a wrong key: an error would show that its row exists. */
  private async soundOrFalse({ keyPrefix }: Token, verified: Promise<boolean>): Promise<boolean> {
    try {
      return await verified;
    } catch {
      this.parts.onDamagedHash?.(keyPrefix);
      return false;
    }
  }
}

/** Loaded at the first such hash, so that other installations do not depend on its binary. */
async function loadArgon2(): Promise<(storedHash: string, plainText: string) => Promise<boolean>> {
  const { verify } = await import('@node-rs/argon2');
  return verify;
}

function verifyScrypt({ cost, salt, digest }: ScryptHash, plainText: string): Promise<boolean> {
  const { N, r, p } = cost;
  // Node's default limit is 32 MiB. The cost was limited when the hash was parsed (RFC 7914, section 2).
  const maxmem = 128 * r * (N + p + 2) + 1024;
  return new Promise((resolve, reject) => {
    scrypt(plainText, salt, digest.length, { N, r, p, maxmem }, (error, derived) => {
      if (error === null) resolve(timingSafeEqual(derived, digest));
      else reject(error);
    });
  });
}
