import { describe, expect, it } from '@jest/globals';
import { niceCeiling } from './scale.js';

describe('the top of an axis', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 6],
    [7, 8],
    [11, 20],
    [100, 100],
    [101, 200],
    [261_000, 300_000],
    [950_000, 1_000_000],
  ])('of %d is %d', (value, top) => {
    expect(niceCeiling(value)).toBe(top);
  });

  it('is never below the value, and at most twice as high', () => {
    for (let value = 2; value < 1e9; value = Math.ceil(value * 1.07)) {
      expect(niceCeiling(value)).toBeGreaterThanOrEqual(value);
      expect(niceCeiling(value)).toBeLessThanOrEqual(2 * value);
    }
  });
});
