import { setTimeout as sleep } from 'node:timers/promises';
import { isSqliteBusy } from './storage-error.js';

/** Between two attempts, in milliseconds. */
export const LOCK_PAUSE_MS = 25;

/**
 * Repeats `attempt` while another process holds SQLite's lock, until `limitMs` have passed; then its error goes on.
 * better-sqlite3 waits synchronously inside SQLite, so the wait there is kept short and the event loop runs in between.
 */
export async function retryWhileLocked<T>(limitMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isSqliteBusy(error) || performance.now() >= deadline) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}
