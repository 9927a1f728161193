import { expect, it } from '@jest/globals';
import { niceCeiling } from './scale.js';

it.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [24, 25],
  [26, 50],
  [101, 200],
  [240, 250],
  [999, 1000],
  [1_000_001, 2_000_000],
])('an axis for values up to %d ends at %d', (value, top) => {
  expect(niceCeiling(value)).toBe(top);
});
