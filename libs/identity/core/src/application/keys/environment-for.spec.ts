import { describe, expect, it } from '@jest/globals';
import { TokenFormat } from '../../domain/token-format.js';
import { anApiKey } from '../../testing/builders.js';
import { assertSameEnvironment, environmentFor, type Grantor, operatorGrantor } from './grantor.js';

const SEVERAL = new TokenFormat('fth', 'live', 'test');
const ONE = new TokenFormat('fth', 'live');
const IMPORTED = 'sk_aB3xY9zQ';

const operator = operatorGrantor({ id: 'member', organizationId: 'organization' });
const keyWith = (keyPrefix: string): Grantor => ({ ...operator, apiKey: anApiKey({ keyPrefix }) });
const [live, test, imported] = ['fth_live_aB3xY9zQ', 'fth_test_aB3xY9zQ', IMPORTED].map(keyWith);

describe('the environment of a token', () => {
  it.each([
    ['the operator, by default', operator, undefined, 'live'],
    ['the operator, who chose it', operator, 'test', 'test'],
    ['a live key', live!, undefined, 'live'],
    ['a live key that asks for it', live!, 'live', 'live'],
    ['a test key', test!, undefined, 'test'],
  ])('is what may be chosen, or that of the calling key: %s', (_who, grantor, wanted, environment) => {
    expect(environmentFor(grantor, SEVERAL, wanted)).toBe(environment);
  });

  it.each([
    ['a live key a test key', live!, 'test', 'api_key.environment_not_held'],
    ['a test key a live key', test!, 'live', 'api_key.environment_not_held'],
    ['an imported key any', imported!, undefined, 'api_key.environment_not_held'],
    ['anybody one that there is not', operator, 'staging', 'token.format_invalid'],
  ])('is refused: %s', (_who, grantor, wanted, code) => {
    expect(() => environmentFor(grantor, SEVERAL, wanted)).toThrow(expect.objectContaining({ code }));
  });

  it('is the only one for every key, where there is only one', () => {
    for (const grantor of [operator, live!, test!, imported!]) expect(environmentFor(grantor, ONE)).toBe('live');
  });
});

describe('a change by which a key may do more', () => {
  const liveKey = anApiKey({ keyPrefix: 'fth_live_aB3xY9zQ' });

  it('is that of a key of the same environment, or of nobody who has a key', () => {
    for (const grantor of [operator, live!, imported!]) {
      expect(() => {
        assertSameEnvironment(grantor, liveKey);
      }).not.toThrow();
    }
    expect(() => {
      assertSameEnvironment(test!, liveKey);
    }).toThrow(expect.objectContaining({ code: 'api_key.environment_not_held' }));
  });
});
