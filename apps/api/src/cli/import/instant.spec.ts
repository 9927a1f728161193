import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './instant.js';

describe('the instant of a row', () => {
  it.each([
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31t12:00:00.123999z', '2027-01-31T12:00:00.123Z'],
    ['2027-01-31T12:00:00.5+02:00', '2027-01-31T10:00:00.500Z'],
    ['2027-01-31T12:00:00-0530', '2027-01-31T17:30:00.000Z'],
    ['2027-01-31 12:00:00.5+00', '2027-01-31T12:00:00.500Z'],
    ['2027-01-31 12:00:00-08', '2027-01-31T20:00:00.000Z'],
  ])('is read from %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant);
  });

  it.each([
    '2027-01-31T12:00:00',
    '2027-01-31 12:00:00',
    '2027-01-31',
    '2027-02-30T12:00:00Z',
    '2027-01-31T24:00:00Z',
    '1800000000',
    '1800000000000',
    'Sun Jan 31 2027 12:00:00 GMT+0000',
    'never',
    '+00',
  ])('is not guessed from %s', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
