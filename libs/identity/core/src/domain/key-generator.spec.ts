import { describe, expect, it } from '@jest/globals';
import { SeededRandomSource } from '../testing/fakes/seeded-random-source.js';
import { KeyGenerator } from './key-generator.js';
import { RandomSource } from './random-source.js';
import { TokenFormat } from './token-format.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly factor: number };

const KEYS = 1_000_000 * fuzz.factor;
const BASE = 62;
const HEAD = 'fth_live_'.length;
const RANDOM_CHARACTERS = 40;
/** Character codes of base62 are ASCII. */
const CODES = 128;
const FIRST_CODE = '0'.charCodeAt(0);
const CODES_USED = 'z'.charCodeAt(0) - FIRST_CODE + 1;

/** 61 degrees of freedom: the chance of a greater value is below 1e-6 a position. */
const CHI_SQUARE_LIMIT = 125;

const format = new TokenFormat('fth', 'live');

class StuckSource extends RandomSource {
  override bytes(size: number): Uint8Array {
    return new Uint8Array(size).fill(0xff).subarray(0, 0);
  }
}

class BrokenSource extends RandomSource {
  override bytes(): Uint8Array {
    throw new Error('no entropy');
  }
}

/** Every byte value in turn. */
class CountingSource extends RandomSource {
  #next = 0;

  override bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.#next++ % 256);
  }
}

/** The first eight characters as one exact number: a set of a million strings would keep the test busy with garbage. */
function beginningOf(secret: string): number {
  let value = 0;
  for (let at = 0; at < 8; at += 1) value = value * CODES_USED + secret.charCodeAt(at) - FIRST_CODE;
  return value;
}

function chiSquare(counts: Uint32Array): number {
  const expected = KEYS / BASE;
  const used = counts.filter((count) => count > 0);
  return used.reduce((sum, count) => sum + (count - expected) ** 2 / expected, (BASE - used.length) * expected);
}

describe('a million generated keys (KH1)', () => {
  it('hold no duplicate, neither as a whole nor in the secret, and every character is equally likely everywhere', () => {
    const generator = new KeyGenerator(format, new SeededRandomSource('KH1'));
    const counts = new Uint32Array(RANDOM_CHARACTERS * CODES);
    const beginnings = new Float64Array(KEYS);
    for (let i = 0; i < KEYS; i += 1) {
      const { keyPrefix, secret } = generator.generate();
      const random = keyPrefix.slice(HEAD) + secret;
      for (let at = 0; at < RANDOM_CHARACTERS; at += 1) counts[at * CODES + random.charCodeAt(at)]! += 1;
      beginnings[i] = beginningOf(secret);
    }
    expect(beginnings.sort().findIndex((value, at) => value === beginnings[at + 1])).toBe(-1);
    for (let at = 0; at < RANDOM_CHARACTERS; at += 1) {
      expect(chiSquare(counts.subarray(at * CODES, (at + 1) * CODES))).toBeLessThan(CHI_SQUARE_LIMIT);
    }
  });
});

describe('a key generator', () => {
  it('hides at least 128 random bits behind the public part', () => {
    const { secret } = new KeyGenerator(format, new SeededRandomSource('bits')).generate();
    expect(secret.length * Math.log2(BASE)).toBeGreaterThan(128);
  });

  it('throws away the bytes that would favour the first digits', () => {
    const generator = new KeyGenerator(format, new CountingSource());
    const text = Array.from({ length: 31 }, () => generator.generate())
      .map(({ keyPrefix, secret }) => keyPrefix.slice(HEAD) + secret)
      .join('');
    const counts = new Map<string, number>();
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(BASE);
    expect(new Set(counts.values())).toEqual(new Set([text.length / BASE]));
  });

  it('throws what the random source throws (KH2)', () => {
    expect(() => new KeyGenerator(format, new BrokenSource()).generate()).toThrow('no entropy');
  });

  it('throws when the random source has nothing more to give (KH2)', () => {
    expect(() => new KeyGenerator(format, new StuckSource()).generate()).toThrow('no bytes');
  });
});
