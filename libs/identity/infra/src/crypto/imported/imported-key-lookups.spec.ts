import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PepperFormatError } from '../pepper-ring.js';
import { ImportedPeppers } from './imported-peppers.js';
import { ImportedKeyLookups, ImportedKeysFormatError } from './imported-key-lookups.js';

const KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
const PEPPERS = 'old:b2xkIHBlcHBlcg,older:YQ';
const peppers = ImportedPeppers.parse(PEPPERS);

const parse = (text: string, given = ImportedPeppers.none) => ImportedKeyLookups.parse(text, given);

describe('what keys of other systems are found by', () => {
  it('is their SHA-256, an HMAC under each pepper, and how they begin, the longest beginning first', () => {
    const sha256 = createHash('sha256').update(KEY).digest('base64url');
    const mac = (pepper: string) => createHmac('sha256', pepper).update(KEY).digest('base64url');
    expect(parse(' prefix:8, sha256,prefix:12,hmac-sha256', peppers).lookupsOf(KEY)).toEqual([
      `sha256:${sha256}`,
      `hmac-sha256:old:${mac('old pepper')}`,
      `hmac-sha256:older:${mac('a')}`,
      'prefix:sk_live_4eC3',
      'prefix:sk_live_',
    ]);
  });

  it('is, of nestarc, all that comes before the secret, and then no HMAC', () => {
    const head = 'acme_live_0xJRk2iDV5kD';
    const nestarc = parse('nestarc', peppers);
    expect(nestarc.lookupsOf(`${head}_dMJXEXa50JIhnz11fkFKlRLg81GslFXt`)).toEqual([`prefix:${head}`]);
    expect(nestarc.lookupsOf(`${head}_dMJXEXa50JIhnz11fkFKlRLg81GslFXtx`)).toEqual([]);
    const stored = { hash: 'nestarc:old:x', lookup: `prefix:${head}` };
    const lost = { ...stored, hash: 'nestarc:lost:x' };
    expect(nestarc.finds(stored)).toBe(true);
    expect([nestarc.finds(lost), nestarc.finds({ ...lost, isProven: true })]).toEqual([false, true]);
    expect(nestarc.finds({ ...stored, hash: '$2b$10$x' })).toBe(false);
    expect(parse(`prefix:${head.length}`).finds(stored)).toBe(false);
  });

  it('is nothing that was not asked for, nor a beginning that less than 16 characters follow', () => {
    expect(parse('prefix:8').lookupsOf(KEY)).toEqual(['prefix:sk_live_']);
    expect(parse('prefix:16,prefix:17').lookupsOf(KEY)).toEqual([`prefix:${KEY.slice(0, 16)}`]);
    expect(parse('prefix:12').lookupsOf('sk_live_1')).toEqual([]);
    expect(parse('sha256').lookupsOf('no key')).toEqual([]);
  });

  it('finds the look-up texts that it makes, and no others', () => {
    const all = parse('sha256,hmac-sha256,prefix:8,prefix:12', peppers);
    const stored = (lookup: string) => ({ hash: lookup.startsWith('prefix') ? '$2b$10$x' : lookup, lookup });
    for (const lookup of all.lookupsOf(KEY)) expect(all.finds(stored(lookup))).toBe(true);
    expect(all.finds(stored('prefix:a:b:c:d:'))).toBe(true);
    for (const lookup of ['prefix:sk_live', 'hmac-sha256:lost:x', 'md5:x', '', 'prefix']) {
      expect(all.finds(stored(lookup))).toBe(false);
    }
    expect(parse('prefix:8').finds(stored('sha256:x'))).toBe(false);
  });

  it.each([
    ['', /^must list sha256, hmac-sha256, nestarc and prefix:N/],
    ['sha-256', /^must list sha256, hmac-sha256, nestarc and prefix:N/],
    ['sha256,', /^must list sha256, hmac-sha256, nestarc and prefix:N/],
    ['prefix:5', /with N from 6 to 64/],
    ['prefix:65', /with N from 6 to 64/],
    ['prefix:8.5', /with N from 6 to 64/],
    ['prefix:', /with N from 6 to 64/],
    ['sha256,sha256', /^names a lookup twice$/],
    [[10, 11, 12, 13, 14, 15, 16, 17, 18].map((length) => `prefix:${length}`).join(), /^must have at most 8 prefixes$/],
    ['hmac-sha256', /no pepper of the other system is given/],
    ['nestarc', /names nestarc, but no pepper of the other system is given/],
  ])('is refused with its rule: %j', (text, rule) => {
    expect(() => parse(text)).toThrow(ImportedKeysFormatError);
    expect(() => parse(text)).toThrow(rule);
  });

  it('is refused where peppers are given for nothing', () => {
    expect(() => parse('sha256', peppers)).toThrow(/must name hmac-sha256/);
  });
});

describe('peppers of other systems', () => {
  it('go by their names, in the order in which they are given', () => {
    expect(peppers.names).toEqual(['old', 'older']);
    expect(peppers.mac('older', KEY)).toEqual(createHmac('sha256', 'a').update(KEY).digest());
    expect(peppers.mac('lost', KEY)).toBeUndefined();
  });

  it.each([
    '',
    'b2xk',
    ':b2xk',
    'old:',
    'old:b2xk,',
    'Old:b2xk',
    'old:b2+k',
    'o ld:b2xk',
    'old:b2xk:b2xk',
    `${'o'.repeat(33)}:b2xk`,
    'old:b2xk,old:b2xk',
    Array.from({ length: 9 }, (_, at) => `old${at}:b2xk`).join(),
  ])('are refused with a rule, and not shown: %j', (text) => {
    expect(() => ImportedPeppers.parse(text)).toThrow(PepperFormatError);
    expect(() => ImportedPeppers.parse(text)).not.toThrow(/b2xk/);
  });
});
