import { hash, scrypt, timingSafeEqual } from 'node:crypto';
import { parseNestarcKey, type Token } from '@feather-identity/core';
import type { BcryptVerifier, DamagedHashListener } from '../bcrypt-verifier.js';
import type { HashingQueue } from '../hashing-queue.js';
import type { ImportedPeppers } from './imported-peppers.js';
import { readStoredHash, type StoredHash } from '../stored-hash.js';

type ScryptHash = Extract<StoredHash, { scheme: 'scrypt' }>;

/** What `ImportedHashVerifier` needs. */
export interface ImportedHashParts {
  readonly bcrypt: BcryptVerifier;
  readonly queue: HashingQueue;
  readonly peppers: ImportedPeppers;
  readonly onDamagedHash?: DamagedHashListener | undefined;
}

/** Verifies keys of other systems by what was stored there. Throws `hashing.overloaded` as its queue does. */
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
        // What was read is sound: an error is one of the machine, such as no memory, and no verdict on the key.
        return queue.check(() => verifyScrypt(stored, plainText), signal);
    }
  }

  /** A hash that a library refuses is damaged: an error would tell that its row exists. */
  private async soundOrFalse({ keyPrefix }: Token, verified: Promise<boolean>): Promise<boolean> {
    try {
      return await verified;
    } catch {
      this.parts.onDamagedHash?.(keyPrefix);
      return false;
    }
  }
}

/** Loaded by those who have such hashes: no other installation depends on its binary. */
async function loadArgon2(): Promise<(storedHash: string, plainText: string) => Promise<boolean>> {
  const { verify } = await import('@node-rs/argon2');
  return verify;
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
