import { describe, expect, it } from '@jest/globals';
import { canonicalHash, type ImportedHash, ImportedHashError } from './canonical-hash.js';

const HEX = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');
const BASE64URL = Buffer.from(HEX, 'hex').toString('base64url');
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const ARGON2 = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const SCRYPT = '$scrypt$ln=14,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

const canonical = (hash: string, rest: Partial<ImportedHash> = {}) => canonicalHash({ hash, ...rest });

describe('the canonical spelling of a hash of another system', () => {
  it.each<[string, Partial<ImportedHash>]>([
    [HEX, {}],
    [HEX, { encoding: 'hex' }],
    [HEX.toUpperCase(), {}],
    [BASE64, {}],
    [BASE64, { encoding: 'base64' }],
    [BASE64.replace('=', ''), {}],
    [BASE64URL, {}],
    [BASE64URL, { encoding: 'base64url' }],
    [`${BASE64URL}=`, {}],
  ])('of a SHA-256 is one, and what its key is found by: %s', (hash, rest) => {
    const expected = `sha256:${BASE64URL}`;
    expect(canonical(hash, { scheme: 'sha256', ...rest })).toEqual({ hash: expected, lookup: expected });
  });

  it('of an HMAC names its pepper, and is what its key is found by', () => {
    const expected = `hmac-sha256:nestarc-2024:${BASE64URL}`;
    const rest = { scheme: 'hmac-sha256', pepper: 'nestarc-2024' } as const;
    expect(canonical(HEX, rest)).toEqual({ hash: expected, lookup: expected });
  });

  it('of nestarc names its pepper, and needs how its key begins', () => {
    const rest = { scheme: 'nestarc', pepper: 'nestarc-1' } as const;
    expect(canonical(HEX, rest)).toEqual({ hash: `nestarc:nestarc-1:${BASE64URL}`, lookup: null });
  });

  it.each([
    [BCRYPT, 'bcrypt'],
    [BCRYPT.replace('$2a$', '$2y$'), 'bcrypt'],
    [ARGON2, 'argon2'],
    [ARGON2.replace('2id', '2i'), 'argon2'],
    [ARGON2.replace('2id', '2d'), 'argon2'],
    [SCRYPT, 'scrypt'],
  ] as const)('of a hash with a salt is the hash, told by itself or named: %s', (hash, scheme) => {
    expect(canonical(hash)).toEqual({ hash, lookup: null });
    expect(canonical(hash, { scheme })).toEqual({ hash, lookup: null });
  });

  it('leaves out the padding that some write into PHC strings', () => {
    expect(canonical(`${ARGON2.replace('$c29tZXNhbHQ$', '$c29tZXNhbHQ=$')}=`).hash).toBe(ARGON2);
    expect(canonical(`${SCRYPT}=`).hash).toBe(SCRYPT);
  });
});

describe('a hash that cannot be taken over', () => {
  it.each<[string, Partial<ImportedHash>, RegExp]>([
    [HEX, {}, /does not name its scheme/],
    ['', {}, /does not name its scheme/],
    ['', { scheme: 'sha256' }, /64 hexadecimal or 43 base64/],
    [HEX.slice(1), { scheme: 'sha256' }, /64 hexadecimal or 43 base64/],
    [`${HEX} `, { scheme: 'sha256' }, /64 hexadecimal or 43 base64/],
    [HEX, { scheme: 'sha256', encoding: 'base64' }, /here in base64$/],
    [BASE64, { scheme: 'sha256', encoding: 'hex' }, /here in hex$/],
    [`${BASE64URL.slice(0, -1)}1`, { scheme: 'sha256' }, /64 hexadecimal or 43 base64/],
    [`+_${'A'.repeat(41)}`, { scheme: 'sha256' }, /64 hexadecimal or 43 base64/],
    [HEX, { scheme: 'sha256', pepper: 'old' }, /pepper belongs to hmac-sha256/],
    [HEX, { scheme: 'hmac-sha256' }, /need the name of the pepper/],
    [HEX, { scheme: 'nestarc' }, /need the name of the pepper/],
    [BCRYPT, { scheme: 'nestarc', pepper: 'old' }, /64 hexadecimal or 43 base64/],
    [HEX, { scheme: 'hmac-sha256', pepper: 'a:b' }, /need the name of the pepper/],
    [HEX, { scheme: 'hmac-sha256', pepper: 'x'.repeat(33) }, /need the name of the pepper/],
    [BCRYPT, { encoding: 'hex' }, /encoding belongs to/],
    [BCRYPT, { scheme: 'argon2' }, /argon2 hash is a PHC string/],
    [ARGON2, { scheme: 'scrypt' }, /scrypt hash is a PHC string/],
    [BCRYPT.slice(0, -1), {}, /60 characters/],
    [BCRYPT.replace('$05$', '$15$'), {}, /costs too much/],
    [ARGON2.replace('v=19', 'v=16'), {}, /argon2 hash is a PHC string/],
    [ARGON2.replace('m=65536', 'm=2097152'), {}, /costs too much/],
    [ARGON2.replace('t=2', 't=17'), {}, /costs too much/],
    [SCRYPT.replace('ln=14', 'ln=19'), {}, /costs too much/],
    [ARGON2.replace('m=65536', 'm=065536'), {}, /argon2 hash is a PHC string/],
    [SCRYPT.replace('ln=14,r=8', 'ln=16,r=1'), {}, /scrypt hash is a PHC string/],
    ['$scrypt$16384$8$1$c2FsdA==$ZGlnZXN0', {}, /scrypt hash is a PHC string/],
  ])('is refused with the rule and never shown: %s %j', (hash, rest, rule) => {
    let thrown: unknown;
    try {
      canonical(hash, rest);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ImportedHashError);
    expect((thrown as Error).message).toMatch(rule);
    if (hash.length > 8) expect((thrown as Error).message).not.toContain(hash);
  });
});
