import { describe, expect, it } from '@jest/globals';
import { ago } from './ago.js';

const NOW = new Date('2026-06-01T12:00:00Z');

describe('an instant as people tell it', () => {
  it.each([
    ['2026-06-01T12:00:00Z', '0s ago'],
    ['2026-06-01T11:59:01Z', '59s ago'],
    ['2026-06-01T11:59:00Z', '1m ago'],
    ['2026-05-30T12:00:01Z', '47h ago'],
    ['2026-05-30T12:00:00Z', '2d ago'],
    ['2026-06-01T13:30:00Z', 'in 1h'],
    ['2026-06-13T12:00:00Z', 'in 12d'],
    ['2026-02-20T12:00:00Z', '2026-02-20'],
    ['2027-01-31T23:59:59Z', '2027-01-31'],
  ])('%s is %s', (instant, told) => {
    expect(ago(new Date(instant), NOW)).toBe(told);
  });
});
