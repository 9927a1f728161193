import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCodePoint } from '../../testing/any-code-point.js';
import { TokenFormat } from './token-format.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 100_000 * fuzz.factor, seed: fuzz.seed };
const LENGTH = 55;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

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
const characters = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  fc.string({ unit: anyCodePoint, minLength: 1, maxLength: 1 }),
);

describe('a token with a typo (KH3)', () => {
  it('is refused after any change of one character', () => {
    const changes = fc.tuple(tokens, fc.nat(LENGTH - 1), characters);
    fc.assert(
      fc.property(changes, ([token, i, character]) => {
        const changed = token.slice(0, i) + character + token.slice(i + 1);
        return changed === token || format.parse(changed) === null;
      }),
      RUNS,
    );
  });

  it('is refused after any swap of two neighbours', () => {
    const swaps = fc.tuple(tokens, fc.nat(LENGTH - 2));
    fc.assert(
      fc.property(swaps, ([token, i]) => {
        const swapped = token.slice(0, i) + token.charAt(i + 1) + token.charAt(i) + token.slice(i + 2);
        return swapped === token || format.parse(swapped) === null;
      }),
      RUNS,
    );
  });

  it('is accepted without one', () => {
    fc.assert(
      fc.property(tokens, (token) => format.parse(token)?.reveal() === token),
      { ...RUNS, numRuns: 1000 },
    );
    expect(fc.sample(tokens, { numRuns: 1, seed: RUNS.seed })[0]).toHaveLength(LENGTH);
  });
});
