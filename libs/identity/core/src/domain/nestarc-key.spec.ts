import { describe, expect, it } from '@jest/globals';
import { isNestarcHead, parseNestarcKey } from './nestarc-key.js';

const SECRET = 'dMJXEXa50JIhnz11fkFKlRLg81GslFXt';
const HEAD = 'acme_live_0xJRk2iDV5kD';

describe('a key of @nestarc/api-keys', () => {
  it.each([HEAD, 'nk_test_000000000000', `${'A'.repeat(32)}_live_zzzzzzzzzzzz`])(
    'has a head and a secret: %s',
    (head) => {
      expect(parseNestarcKey(`${head}_${SECRET}`)).toEqual({ head, secret: SECRET });
      expect(isNestarcHead(head)).toBe(true);
    },
  );

  it.each([
    `${HEAD}_${SECRET}x`,
    `${HEAD}_${SECRET.slice(1)}`,
    `${HEAD}_${SECRET}\n`,
    `${HEAD}x_${SECRET}`,
    `${HEAD}_x_${SECRET}`,
    `acme_prod_0xJRk2iDV5kD_${SECRET}`,
    `acme_live__${SECRET}`,
    `_live_0xJRk2iDV5kD_${SECRET}`,
    `${'A'.repeat(33)}_live_0xJRk2iDV5kD_${SECRET}`,
    SECRET,
    '',
  ])('is spelled in one way: %j is none', (text) => {
    expect(parseNestarcKey(text)).toBeNull();
  });

  it.each([`${HEAD}_`, HEAD.slice(1, -1), 'acme_live_', `${HEAD}\n`, ''])('has no head like %j', (text) => {
    expect(isNestarcHead(text)).toBe(false);
  });
});
