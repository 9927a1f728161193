import { describe, expect, it } from '@jest/globals';
import { OPERATOR, operatorNamed } from './actor.js';

describe('an operator', () => {
  it.each([
    ['ada', 'ada'],
    ['ACME\\Ada Lovelace', 'ACME\\Ada Lovelace'],
    [' ada\n', 'ada'],
    ['a\u001b[31md\u0000a\u202e\u2028\ud800', 'a[31mda'],
    ['ä👩‍🚀', 'ä👩🚀'],
    ['x'.repeat(101), 'x'.repeat(100)],
    ['👩'.repeat(101), '👩'.repeat(100)],
  ])('has the name of the user without what a database or terminal should not get: %j', (given, name) => {
    expect(operatorNamed(given)).toEqual({ ...OPERATOR, name });
  });

  it.each(['', ' ', '\u0000', '\u200b\n'])('has no name where nothing is left of it: %j', (given) => {
    expect(operatorNamed(given)).toEqual(OPERATOR);
  });
});
