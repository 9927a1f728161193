import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenFormat } from './token-format.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const LENGTH = 55;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Base62, all else that a header may hold, and what looks alike. */
const CHARACTERS = [
  ...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)),
  'ａ',
  '０',
  'е',
  '\u{1F511}',
];
const TOKENS = 10 * fuzz.factor;

const format = new TokenFormat('fth', 'live');
const base62 = (length: number) =>
  fc.string({
    unit: fc.nat(DIGITS.length - 1).map((digit) => DIGITS.charAt(digit)),
    minLength: length,
    maxLength: length,
  });
const tokens = fc
  .tuple(base62(8), base62(32))
  .map(([publicPart, secret]) => format.compose(publicPart, secret).reveal());
const samples = fc.sample(tokens, { numRuns: TOKENS, seed: fuzz.seed });

describe('a token with a typo (KH3)', () => {
  it('is refused after any change of one character', () => {
    const accepted: string[] = [];
    for (const token of samples) {
      for (let at = 0; at < LENGTH; at += 1) {
        for (const character of CHARACTERS) {
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          if (changed !== token && format.parse(changed) !== null) accepted.push(changed);
        }
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is refused after any swap of two neighbours', () => {
    const accepted: string[] = [];
    for (const token of samples) {
      for (let at = 0; at < LENGTH - 1; at += 1) {
        const swapped = token.slice(0, at) + token.charAt(at + 1) + token.charAt(at) + token.slice(at + 2);
        if (swapped !== token && format.parse(swapped) !== null) accepted.push(swapped);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is accepted without one', () => {
    for (const token of samples) expect(format.parse(token)?.reveal()).toBe(token);
    expect(samples[0]).toHaveLength(LENGTH);
  });
});
