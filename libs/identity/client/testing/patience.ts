import { setTimeout as sleep } from 'node:timers/promises';

/** One of each index. */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Waits until this holds, for some seconds at most: what follows fails if it does not. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 3000 && !condition(); i += 1) await sleep(1);
}
