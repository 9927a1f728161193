import { describe, expect, it } from '@jest/globals';
import { environmentOf, isKeyPrefix, longestKeyPrefix } from './key-prefix.js';
import { TokenFormat } from './token-format.js';

const FORMAT = new TokenFormat('fth', 'live');
const token = (head: string) => `${head}${'aB3xY9zQ'.repeat(5)}123456`;

describe('a public part', () => {
  it.each(['fth_live_aB3xY9zQ', 'imported_aB3xY9zQ', 'sk-proj-"%', 'x', 'x'.repeat(64)])('may be %j', (text) => {
    expect(isKeyPrefix(text)).toBe(true);
    expect(longestKeyPrefix(text, FORMAT)).toBeGreaterThanOrEqual(text.length);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a\n', '\0', 'é'])('is not %j', (text) => {
    expect(isKeyPrefix(text)).toBe(false);
  });

  it.each([
    ['a token', token('fth_live_'), 17],
    ['a token that was cut off after one character of its secret', 'fth_live_aB3xY9zQ1', 17],
    ['a token with more behind it', `${token('fth_live_')} and more`, 17],
    ['a token of another environment', token('fth_test_'), 17],
    ['a token of another namespace', token('acme2_live_'), 19],
    ['a key of nestarc', `fth_live_${'a'.repeat(12)}_${'b'.repeat(32)}`, 21],
    ['a long key of another system', 'k'.repeat(80), 64],
  ])('is shorter than %s', (_what, text, limit) => {
    expect(longestKeyPrefix(text, FORMAT)).toBe(limit);
    expect(text.length).toBeGreaterThan(limit);
  });

  it.each(['imported_aB3xY9zQ', 'fth_live_aB3xY9zQ1', `fth_live_${'a'.repeat(12)}`, 'fth_LIVE_aB3xY9zQ', 'fth_live_'])(
    'of no token has no environment: %s',
    (keyPrefix) => {
      expect(environmentOf(keyPrefix)).toBeNull();
    },
  );

  it('of nestarc may be longer than ours, even in our namespace', () => {
    const head = `fth_live_${'a'.repeat(12)}`;
    expect(longestKeyPrefix(head, FORMAT)).toBeGreaterThanOrEqual(head.length);
  });
});
