import { describe, expect, it } from '@jest/globals';
import { plainAddress } from './address.js';

describe('the address in what a proxy wrote', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4:5', '1.2.3.4'],
    ['"1.2.3.4"', '1.2.3.4'],
    ['"1.2.3.4:65535"', '1.2.3.4'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:5', '2001:db8::1'],
    ['"[2001:db8::1]:5"', '2001:db8::1'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ])('is found: %s', (written, expected) => {
    expect(plainAddress(written)).toBe(expected);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4.5',
    '999.1.1.1',
    '01.2.3.4',
    '1.2.3.4:',
    '1.2.3.4:x',
    '[1.2.3.4',
    'a:1',
  ])('is none: %j', (written) => {
    expect(plainAddress(written)).toBeUndefined();
  });

  it('is that of each, whatever was asked for before', () => {
    const written = ['1.2.3.4:5', 'unknown', 'unknown', '5.6.7.8', '1.2.3.4:5', '1.2.3.4:5', ''];
    expect(written.map(plainAddress)).toEqual([
      '1.2.3.4',
      undefined,
      undefined,
      '5.6.7.8',
      '1.2.3.4',
      '1.2.3.4',
      undefined,
    ]);
  });
});
