import { describe, expect, it } from '@jest/globals';
import { TokenFormat } from '../../domain/token-format.js';
import { assertRefused } from '../contract/contract-case.js';
import { testCaller } from '../test-caller.js';
import { FakeApiKeyVerifier } from './fake-api-key-verifier.js';

describe('a fake verifier', () => {
  it('tells the caller of each key that it has handed out', async () => {
    const verifier = new FakeApiKeyVerifier();
    const callers = [testCaller(), testCaller({ scopes: ['orders:read'] })];
    for (const caller of callers) {
      const key = verifier.keyFor(caller);
      await expect(verifier.execute(key)).resolves.toBe(caller);
      await expect(verifier.verifyCached(key)).resolves.toBe(caller);
    }
  });

  it('hands out keys that are spelled as real ones, each of them new', () => {
    const verifier = new FakeApiKeyVerifier();
    const caller = testCaller();
    const keys = [verifier.keyFor(caller), verifier.keyFor(caller)];
    for (const key of keys) {
      expect(new TokenFormat('fth', 'test').parse(key)?.keyPrefix).toBe(caller.apiKey.keyPrefix);
    }
    expect(new Set(keys).size).toBe(2);
  });

  it('refuses every other key, also one of another verifier', async () => {
    const verifier = new FakeApiKeyVerifier();
    const key = verifier.keyFor(testCaller());
    for (const wrong of ['', 'junk', key.slice(1), new FakeApiKeyVerifier().keyFor(testCaller())]) {
      expect(verifier.verifyCached(wrong)).toBeUndefined();
      await assertRefused(verifier.execute(wrong), 'authentication.required');
    }
  });
});
