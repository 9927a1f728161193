import { describe, expect, it } from '@jest/globals';
import { keptUserAgent, MAX_USER_AGENT } from './last-used-from.js';

const TOKEN = `fth_live_aB3xY9zQ${'s3cret'.repeat(5)}12aB3dE6`;

describe('what is kept of a user agent', () => {
  it.each([
    ['curl/8.5.0', 'curl/8.5.0'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'],
    ['', null],
    ['a\0b', null],
    [`app ${TOKEN}`, 'app [redacted]'],
    [`app/${TOKEN};x`, 'app/[redacted];x'],
    [`sk-proj-${'a1'.repeat(10)}_x`, '[redacted]'],
    ['x'.repeat(19), 'x'.repeat(19)],
  ])('of %j is %j', (sent, kept) => {
    expect(keptUserAgent(sent)).toBe(kept);
  });

  it('is its beginning, also of one whose end is cut off within a key', () => {
    const words = 'word '.repeat(2 * MAX_USER_AGENT);
    expect(keptUserAgent(words)).toBe(words.slice(0, MAX_USER_AGENT));
    for (let length = MAX_USER_AGENT - 70; length < MAX_USER_AGENT; length += 1) {
      const kept = keptUserAgent(`${words.slice(0, length)}${length % 5 === 0 ? '' : ' '}${TOKEN}`);
      expect(kept).not.toMatch(/aB3xY9zQ/);
    }
  });
});
