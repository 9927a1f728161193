import { fileURLToPath } from 'node:url';
import { FIRST_UNKNOWN, REVOKED_INDEX, tokenAt } from '../keys.mjs';
import { withService } from '../process/service-process.mjs';
import { startWorker } from '../process/worker.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { croppedWelch, median } from '../statistics.mjs';
import { WHOAMI } from '../variants/paths.mjs';

const TIMER = fileURLToPath(new URL('../timer.mjs', import.meta.url));
const SAMPLES = 10_000;
const REPEATS = 3;
const BOUND = 4.5;
const PAIRS = [
  ['unknown id', 'wrong secret'],
  ['unknown id', 'revoked, wrong secret'],
  ['wrong secret', 'revoked, wrong secret'],
];

/** Whether refusals can be told apart by how long they take: AU5. */
export async function timingSuite({ scale, seed, keys, quick, loaded }, databases) {
  const rows = [];
  const repeats = [];
  for (const database of loaded) {
    const { url } = await databases.withKeys(database, keys[1]);
    for (let repeat = 0; repeat < (quick ? 1 : REPEATS); repeat += 1) {
      const times = await withService(url, {}, (service) => timed(service, SAMPLES * scale, seed + repeat));
      const tests = PAIRS.map(([one, other]) => Math.abs(croppedWelch(times[one], times[other])));
      const medians = Object.values(times).map((sample) => median(sample).toFixed(1));
      progress(`timing on ${database}, repeat ${repeat + 1}: |t| ${tests.map((t) => t.toFixed(2)).join(', ')}`);
      repeats.push({ database, tests, medians });
      rows.push([`${database}, repeat ${repeat + 1}`, ...tests.map((t) => t.toFixed(2)), medians.join(' / ')]);
    }
  }
  const head = [`|t|, cropped Welch, bound ${BOUND}`, ...PAIRS.map((pair) => pair.join(' : ')), 'medians, us'];
  return { text: table(head, rows), figures: { repeats } };
}

async function timed({ port }, count, seed) {
  const forged = (index, first) => ({ kind: 'forged', key: tokenAt(index), first });
  const kinds = {
    'unknown id': { kind: 'unknown', first: FIRST_UNKNOWN },
    'wrong secret': forged(0, 0),
    'revoked, wrong secret': forged(REVOKED_INDEX, 1_000_000),
  };
  const timer = startWorker(TIMER);
  try {
    // The first requests of a process are slow, in whatever class they are.
    await timer.ask('time', { port, path: WHOAMI, kinds, count: Math.ceil(count / 5), seed: seed + 1000 });
    return await timer.ask('time', { port, path: WHOAMI, kinds, count, seed });
  } finally {
    await timer.stop();
  }
}
