import { describe, expect, it } from '@jest/globals';
import { isDisplayName } from './display-name.js';

describe('a display name', () => {
  it.each([
    ['one character', 'x'],
    ['255 letters', 'x'.repeat(255)],
    ['255 emoji, each of two UTF-16 units', '👍'.repeat(255)],
    ['a space', ' '],
    ['a line break', 'a\nb'],
  ])('may be %s', (_, text) => {
    expect(isDisplayName(text)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['256 letters', 'x'.repeat(256)],
    ['256 emoji', '👍'.repeat(256)],
    ['a megabyte', 'x'.repeat(1_048_576)],
    ['text with a NUL', 'a\0b'],
    ['text with a high surrogate alone', 'a\ud83d'],
    ['text with a low surrogate alone', '\udc4db'],
    ['text with surrogates the wrong way round', '\udc4d\ud83d'],
  ])('may not be %s', (_, text) => {
    expect(isDisplayName(text)).toBe(false);
  });
});
