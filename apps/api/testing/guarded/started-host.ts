import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedHost } from '@feather-identity/http/testing';

/** An application that runs until a test closes it. */
export interface StartedHost extends GuardedHost {
  close(): Promise<void>;
}

/** Its time is everyone's. */
export const realTime: Pick<GuardedHost, 'now' | 'pass'> = {
  now: () => new Date(),
  // A timer may fire a millisecond early.
  pass: (milliseconds) => sleep(milliseconds + 2),
};
