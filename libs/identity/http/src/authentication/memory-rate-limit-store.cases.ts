import { afterEach, beforeEach, describe, it, jest } from '@jest/globals';
import { rateLimitStoreContract } from '@feather-identity/core/testing';
import { MemoryRateLimitStore } from './memory-rate-limit-store.js';

describe('the counts of one process', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each(rateLimitStoreContract.map(({ promise, run }) => [promise, run] as const))('%s', async (_promise, run) => {
    const store = new MemoryRateLimitStore({ now: () => new Date() });
    const pass = async (milliseconds: number) => {
      jest.advanceTimersByTime(milliseconds);
    };
    await run({ store, pass });
  });
});
