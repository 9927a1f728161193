import { describe, expect, it } from '@jest/globals';
import { ApiKey } from './api-key.js';
import type { JsonObject } from './json-object.js';
import { type KeyNotes, storedNotes } from './key-notes.js';
import { anApiKey } from '../testing/builders.js';

const nested = (levels: number): JsonObject => (levels === 1 ? {} : { a: nested(levels - 1) });

describe('what is noted on a key', () => {
  it.each<[string, KeyNotes, object]>([
    ['nothing', {}, {}],
    [
      'what is taken away',
      { description: null, labels: [], metadata: null },
      { description: null, labels: [], metadata: null },
    ],
    ['an empty description, which is none', { description: '' }, { description: null }],
    ['1,000 code points', { description: '🔑'.repeat(1000) }, { description: '🔑'.repeat(1000) }],
    [
      'labels',
      { labels: ['a', '0', 'team:shop', 'k8s.io/app_x-1', 'a'.repeat(63)] },
      { labels: ['a', '0', 'team:shop', 'k8s.io/app_x-1', 'a'.repeat(63)] },
    ],
    ['4,096 bytes', { metadata: { a: 'é'.repeat(2044) } }, { metadata: { a: 'é'.repeat(2044) } }],
    ['8 levels', { metadata: nested(8) }, { metadata: nested(8) }],
    ['text that no database stores as text', { metadata: { a: '\0\ud800' } }, { metadata: { a: '\0\ud800' } }],
  ])('is kept: %s', (_what, given, stored) => {
    expect(storedNotes(given)).toEqual(stored);
  });

  it.each<[string, KeyNotes, string]>([
    ['1,001 characters', { description: 'a'.repeat(1001) }, 'api_key.description_invalid'],
    ['NUL', { description: 'a\0' }, 'api_key.description_invalid'],
    ['a lone surrogate', { description: '\ud800' }, 'api_key.description_invalid'],
    ['21 labels', { labels: Array.from({ length: 21 }, (_, index) => `l${index}`) }, 'api_key.labels_invalid'],
    ['a label twice', { labels: ['a', 'b', 'a'] }, 'api_key.labels_invalid'],
    ...['', 'A', ' a', 'a ', '-a', 'a-', 'a b', 'ä', 'a,b', 'a\n', 'a'.repeat(64)].map(
      (label): [string, KeyNotes, string] => [
        JSON.stringify(label),
        { labels: ['a', label] },
        'api_key.labels_invalid',
      ],
    ),
    ['4,097 bytes', { metadata: { a: `${'é'.repeat(2044)}a` } }, 'api_key.metadata_invalid'],
    ['9 levels', { metadata: nested(9) }, 'api_key.metadata_invalid'],
    [
      'a prototype',
      { metadata: JSON.parse('{"a":[{"__proto__":{"admin":true}}]}') as JsonObject },
      'api_key.metadata_invalid',
    ],
  ])('is refused: %s', (_what, given, code) => {
    expect(() => storedNotes(given)).toThrow(expect.objectContaining({ code }));
  });

  it('is not said again in a refusal: it may be a secret in the wrong place', () => {
    expect(() => storedNotes({ labels: ['fth_live_SECRET'] })).toThrow(/^(?!.*SECRET).*labels\[0\]/);
  });

  it('cannot be changed by a handler, since other requests read it', () => {
    const { metadata } = new ApiKey(anApiKey({ metadata: { a: { b: [{}] } } }));
    const { a } = metadata as { a: { b: object[] } };
    for (const part of [metadata, a, a.b, a.b[0]]) expect(Object.isFrozen(part)).toBe(true);
  });
});
