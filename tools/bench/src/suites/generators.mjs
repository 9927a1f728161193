import { fileURLToPath } from 'node:url';
import { startWorker } from '../process/worker.mjs';

const GENERATOR = fileURLToPath(new URL('../generator.mjs', import.meta.url));

/** Runs `work` with so many load generators, each a process, and ends them. */
export async function withGenerators(count, work) {
  const generators = Array.from({ length: count }, () => startWorker(GENERATOR));
  try {
    return await work(...generators);
  } finally {
    await Promise.all(generators.map((generator) => generator.stop()));
  }
}
