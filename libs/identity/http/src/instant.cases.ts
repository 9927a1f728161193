import { describe, expect, it } from '@jest/globals';
import { formatInstant } from './instant.js';

describe('formatInstant', () => {
  it.each([
    ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678000Z'],
    ['2026-01-02T03:04:05.001Z', '2026-01-02T03:04:05.001000Z'],
    ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999000Z'],
  ])('writes UTC with Z and no fraction or six digits: %s', (instant, text) => {
    expect(formatInstant(new Date(instant))).toBe(text);
  });
});
