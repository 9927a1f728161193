import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 20;
const LIMIT_MS = 15_000;

/** Asks again and again until the answer is yes. Throws after 15 seconds. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('It did not come true in 15 seconds.');
    await setTimeout(PAUSE_MS);
  }
}
