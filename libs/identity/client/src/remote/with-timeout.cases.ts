import { describe, expect, it } from '@jest/globals';
import { withTimeout } from './with-timeout.js';

const timeoutError = () => new Error('too late');

describe('work with a time limit', () => {
  it('is given up when the time is over, even if it ignores its signal', async () => {
    let given: AbortSignal | undefined;
    const deaf = (signal: AbortSignal) => new Promise<never>(() => (given = signal));
    await expect(withTimeout(1, deaf, timeoutError)).rejects.toThrow('too late');
    expect(given?.aborted).toBe(true);
  });

  it('yields its result or its own error before that', async () => {
    expect(await withTimeout(10_000, async () => 'done', timeoutError)).toBe('done');
    const failing = () => Promise.reject(new Error('its own'));
    await expect(withTimeout(10_000, failing, timeoutError)).rejects.toThrow('its own');
  });
});
