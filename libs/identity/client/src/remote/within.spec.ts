import { describe, expect, it } from '@jest/globals';
import { within } from './within.js';

const tooLate = () => new Error('too late');

describe('work that gets so much time', () => {
  it('is given up then, even if it does not heed its signal', async () => {
    let given: AbortSignal | undefined;
    const deaf = (signal: AbortSignal) => new Promise<never>(() => (given = signal));
    await expect(within(1, deaf, tooLate)).rejects.toThrow('too late');
    expect(given?.aborted).toBe(true);
  });

  it('yields what it yields, or its own error, before that', async () => {
    expect(await within(10_000, async () => 'done', tooLate)).toBe('done');
    await expect(within(10_000, () => Promise.reject(new Error('its own')), tooLate)).rejects.toThrow('its own');
  });
});
