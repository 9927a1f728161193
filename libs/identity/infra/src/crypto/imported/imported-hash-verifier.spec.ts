import { createHmac } from 'node:crypto';
import { ImportedToken } from '@feather-identity/core';
import { describe, expect, it } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import bcrypt from 'bcrypt';
import { BcryptVerifier } from '../bcrypt-verifier.js';
import { HashingQueue } from '../hashing-queue.js';
import { canonicalHash, type ImportedHash } from './canonical-hash.js';
import { ImportedPeppers } from './imported-peppers.js';
import { ImportedHashVerifier } from './imported-hash-verifier.js';

const LOWEST_COST = 4;
const queue = new HashingQueue();
const damaged: string[] = [];
const bcryptVerifier = new BcryptVerifier(LOWEST_COST, queue, (keyPrefix) => damaged.push(keyPrefix));
const peppers = ImportedPeppers.parse(`jefe:${Buffer.from('Jefe').toString('base64url')}`);
const onDamagedHash = (keyPrefix: string) => damaged.push(keyPrefix);
const verifier = new ImportedHashVerifier({ bcrypt: bcryptVerifier, queue, peppers, onDamagedHash });

const verify = (plainText: string, storedHash: string, signal?: AbortSignal) =>
  verifier.verify(new ImportedToken('imported_aB3xY9zQ', plainText), storedHash, signal);

const foreign = (scheme: ImportedHash['scheme'], hash: string, pepper?: string) =>
  canonicalHash({ scheme, hash, pepper }).hash;

/** Texts and hashes that others have published, by other implementations than those used here. */
const PUBLISHED: Readonly<Record<string, readonly [plainText: string, storedHash: string]>> = {
  'SHA-256 (FIPS 180-4)': [
    'abc',
    foreign('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  ],
  'HMAC-SHA-256 (RFC 4231)': [
    'what do ya want for nothing?',
    foreign('hmac-sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'jefe'),
  ],
  'bcrypt (crypt_blowfish)': ['U*U', foreign('bcrypt', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')],
  'bcrypt of PHP': ['U*U', foreign('bcrypt', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')],
  'argon2i (reference implementation)': [
    'password',
    foreign('argon2', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA'),
  ],
  'argon2id (reference implementation)': [
    'password',
    foreign('argon2', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'),
  ],
  'scrypt (RFC 7914)': [
    'pleaseletmein',
    foreign(
      'scrypt',
      `$scrypt$ln=14,r=8,p=1$${b64('SodiumChloride')}$${b64(
        Buffer.from(
          '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
            'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
          'hex',
        ),
      )}`,
    ),
  ],
};

const NESTARC = [
  'acme_live_qBSUe73FA3EW_fDBvFqh0aUxzGTAscslV3hvVGC5NDE07',
  '4d209c24bce92e34f98ddf3e2323f16ffba3aba1441f031133c2de55a425915f',
] as const;

function b64(bytes: string | Buffer): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

describe('a hash of another system', () => {
  it.each(Object.entries(PUBLISHED))('verifies its key and no other: %s', async (_, [plainText, storedHash]) => {
    await expect(verify(plainText, storedHash)).resolves.toBe(true);
    for (const other of [`${plainText}x`, plainText.slice(0, -1), `x${plainText}`, '']) {
      await expect(verify(other, storedHash)).resolves.toBe(false);
    }
  });

  it('verifies its key and no other: argon2d', async () => {
    // `Algorithm.Argon2d`, a constant that isolated modules cannot read.
    const options = { algorithm: 0, memoryCost: 64, timeCost: 1 };
    const storedHash = foreign('argon2', await argon2('sk_live_1', options));
    expect(storedHash).toMatch(/^\$argon2d\$/);
    await expect(verify('sk_live_1', storedHash)).resolves.toBe(true);
    await expect(verify('sk_live_2', storedHash)).resolves.toBe(false);
  });

  it('of bcrypt is never of a key that is longer than 72 bytes, whose end it would not look at', async () => {
    const longest = 'k'.repeat(72);
    const storedHash = await bcrypt.hash(longest, LOWEST_COST);
    await expect(verify(longest, storedHash)).resolves.toBe(true);
    await expect(bcrypt.compare(`${longest}x`, storedHash)).resolves.toBe(true);
    await expect(verify(`${longest}x`, storedHash)).resolves.toBe(false);
  });

  it('of an HMAC verifies nothing while its pepper is not at hand, or under the same name with other bytes', async () => {
    const digest = createHmac('sha256', 'Jefe').update('sk_live_1').digest('hex');
    await expect(verify('sk_live_1', foreign('hmac-sha256', digest, 'jefe'))).resolves.toBe(true);
    await expect(verify('sk_live_1', foreign('hmac-sha256', digest, 'other'))).resolves.toBe(false);
    const others = new ImportedHashVerifier({
      bcrypt: bcryptVerifier,
      queue,
      peppers: ImportedPeppers.parse('jefe:AAAA'),
    });
    const token = new ImportedToken('imported_aB3xY9zQ', 'sk_live_1');
    await expect(others.verify(token, foreign('hmac-sha256', digest, 'jefe'))).resolves.toBe(false);
  });

  it('of nestarc is of the secret and the pepper, and verifies a key of its spelling alone', async () => {
    // Made by the library's own generateKey and Sha256Hasher, under the pepper 'Jefe'.
    const [key, hex] = NESTARC;
    const storedHash = foreign('nestarc', hex, 'jefe');
    await expect(verify(key, storedHash)).resolves.toBe(true);
    for (const other of [`${key}x`, key.replace('_live_', '_prod_'), key.slice(key.lastIndexOf('_') + 1), `x_${key}`]) {
      await expect(verify(other, storedHash)).resolves.toBe(false);
    }
    await expect(verify(key.replace(/.$/, 'A'), storedHash)).resolves.toBe(false);
    await expect(verify(key, foreign('nestarc', hex, 'other'))).resolves.toBe(false);
  });

  it('takes a turn of the queue where it is slow, and none where it is not', async () => {
    const [sha256, , , , argon, , scrypt] = Object.values(PUBLISHED) as [string, string][];
    const checks = queue.checks;
    await verify(...sha256!);
    expect(queue.checks).toBe(checks);
    for (const slow of [argon!, scrypt!]) {
      await verify(...slow);
      await expect(verify(...slow, AbortSignal.abort())).rejects.toMatchObject({ code: 'hashing.overloaded' });
    }
    expect(queue.checks).toBe(checks + 2);
  });
});

const SALT = b64('saltsaltsalt');
const DIGEST = b64('d'.repeat(32));

describe('a stored hash', () => {
  it.each([
    '',
    'junk',
    'sha256:',
    `sha256:${'A'.repeat(42)}B`,
    `sha256:${'A'.repeat(44)}`,
    `md5:${'A'.repeat(43)}`,
    `hmac-sha256:${'A'.repeat(43)}`,
    `nestarc:${'A'.repeat(43)}`,
    `sha256:old:${'A'.repeat(43)}`,
    `$2b$03$${'a'.repeat(53)}`,
    `$2b$15$${'a'.repeat(53)}`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}$`,
    `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=64,t=1,p=9$${SALT}$${DIGEST}`,
    `$argon2id$v=16$m=64,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}$${DIGEST.slice(0, -1)}/`,
    `$argon2id$v=19$m=64,t=1,p=1$c2FsdA$${DIGEST}`,
    `$argon2id$v=19$m=262145,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=262144,t=5,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=8,t=131073,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=1024,t=1,p=17$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=064,t=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=64,t=01,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=04,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=16,r=1,p=1$${SALT}$${DIGEST}`,
    `$argon2id$v=19$m=99999999999999999999,t=1,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=0,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=22,r=1,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=18,r=8,p=2$${SALT}$${DIGEST}`,
    `$scrypt$ln=9999,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=1,r=1048577,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=14,r=8,p=1$${SALT}$${b64('short')}`,
  ])('that is damaged or too costly is a no without hashing, and is reported: %j', async (storedHash) => {
    const [checks, reports] = [queue.checks, damaged.length];
    await expect(verify('sk_live_1', storedHash)).resolves.toBe(false);
    expect(queue.checks).toBe(checks);
    expect(damaged.slice(reports)).toEqual(['imported_aB3xY9zQ']);
  });
});
