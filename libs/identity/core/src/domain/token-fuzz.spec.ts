import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCodePoint } from '../../testing/any-code-point.js';
import { TokenFormat } from './token-format.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 50_000 * fuzz.factor, seed: fuzz.seed };

const format = new TokenFormat('fth', 'live');
const BASE62 = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

const base62 = (length: number) =>
  fc.string({ unit: fc.constantFrom(...BASE62), minLength: length, maxLength: length });
const valid = fc
  .tuple(base62(8), base62(32))
  .map(([publicPart, secret]) => format.compose(publicPart, secret).reveal());

/** What a header can hold and what a program may pass: text with lone surrogates, Latin-1, near and far misses. */
const junk = fc.oneof(
  fc.string({ unit: anyCodePoint, maxLength: 80 }),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.string({ unit: fc.constantFrom(...BASE62, '_'), minLength: 40, maxLength: 60 }).map((text) => `fth_live_${text}`),
  base62(46).map((text) => `fth_live_${text}`),
);

const edit = fc.record({
  at: fc.nat(60),
  removed: fc.nat(4),
  inserted: fc.oneof(
    fc.string({ unit: anyCodePoint, maxLength: 3 }),
    fc.constantFrom('', ' ', '\n', '\r\n', '\0', '_', 'fth_live_', 'ａ', 'é', 'e\u0301', '\ud800', '%20', ', '),
  ),
});

/** A valid token, and what a few cuts, insertions and repetitions leave of it. */
const mutated = fc
  .tuple(valid, fc.array(edit, { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 1, 1, 2))
  .map(([token, edits, times]) => {
    const edited = edits.reduce(
      (text, { at, removed, inserted }) => text.slice(0, at) + inserted + text.slice(at + removed),
      token,
    );
    return [token, edited.repeat(times)] as const;
  });

/** Inputs that once failed stay here, as `examples` of their property. */
const FAILED: [string][] = [[''], ['fth_live_'], ['__proto__'], ['\ud800']];

function isTokenOrNull(text: string): boolean {
  const token = format.parse(text);
  return token === null || token.reveal() === text;
}

describe('the parser of tokens (IV9)', () => {
  it('takes any text for a token spelled exactly so or for none, and never throws', () => {
    fc.assert(fc.property(junk, isTokenOrNull), { ...RUNS, examples: FAILED });
  });

  it('takes a mutated token for none, unless the mutations left it as it was', () => {
    fc.assert(
      fc.property(mutated, ([token, text]) => text === token || format.parse(text) === null),
      RUNS,
    );
  });

  it('is not slowed down by text as long as a header can be', () => {
    const start = performance.now();
    for (const part of ['fth_live_', 'a', 'fth_live_'.padEnd(54, 'a'), '\n']) {
      expect(format.parse(part.repeat(16_384))).toBeNull();
    }
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
