import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { MemoryLog } from '../../testing/memory-log.js';
import { logDamagedHashes } from './damaged-hash-log.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it('names a damaged hash by the public part of its key, once a minute', () => {
  const log = new MemoryLog();
  const report = logDamagedHashes(log.logger);
  for (const keyPrefix of ['fth_live_aaaaaaaa', 'fth_live_aaaaaaaa', 'fth_live_bbbbbbbb']) report(keyPrefix);
  jest.advanceTimersByTime(59_999);
  report('fth_live_bbbbbbbb');
  jest.advanceTimersByTime(1);
  report('fth_live_cccccccc');
  expect(log.lines).toEqual([
    expect.objectContaining({ level: 50, key_prefix: 'fth_live_aaaaaaaa' }),
    expect.objectContaining({ level: 50, key_prefix: 'fth_live_cccccccc' }),
  ]);
});
