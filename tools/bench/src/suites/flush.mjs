import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { REVOKED_INDEX, tokenAt } from '../keys.mjs';
import { withService } from '../process/service-process.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile, seededRandom, shuffled } from '../statistics.mjs';
import { runClosedLoop } from '../traffic/closed-loop.mjs';
import { requestBytes } from '../traffic/requests.mjs';
import { WHOAMI } from '../variants/paths.mjs';

const KEYS = 10_000;
const CONNECTIONS = 32;
/** Between two flushes: enough to use each key once, and to write that. */
const FLUSH_SECONDS = 30;
const WRITTEN_AFTER_SECONDS = 6;
const GOAL_MS = 5;
const PROBE = fileURLToPath(new URL('../turn-probe.mjs', import.meta.url));

/** The longest turn of the event loop while the service writes last uses and usage of 10,000 keys. */
export async function flushSuite({ scale, rounds, seed, quick, loaded }, databases) {
  const count = Math.max(20, KEYS * scale);
  const seconds = quick ? 2 : FLUSH_SECONDS;
  const figures = {};
  for (const database of loaded) {
    const { url } = await databases.newWithKeys(database, 'flush', REVOKED_INDEX + 1 + count);
    const file = join(databases.folder, `turns-${process.pid}.json`);
    const settings = { LAST_USED_FLUSH_SECONDS: String(seconds), NODE_OPTIONS: `--import=${PROBE}`, TURNS_FILE: file };
    figures[database] = await withService(url, settings, (service) =>
      flushes(service, { count, rounds, seed, seconds, file }),
    );
    rmSync(file, { force: true });
  }
  const rows = Object.entries(figures).flatMap(([database, flushed]) =>
    flushed.map((turns, at) => {
      const took = turns.map((turn) => turn.took);
      const cpu = turns.map((turn) => turn.cpu);
      const collected = turns.map((turn) => turn.collected);
      const shares = [
        ...[1, 0.99, 0.5].map((share) => percentile(took, share)),
        percentile(cpu, 1),
        percentile(collected, 1),
      ];
      return [
        `${database}, ${at === 0 ? 'first of the hour' : 'again'}`,
        ...shares.map((value) => value.toFixed(1)),
        String(took.filter((turn) => turn > GOAL_MS).length),
      ];
    }),
  );
  const head = [
    `turns of a flush of ${count} keys, ms`,
    'longest',
    'p99',
    'median',
    'most CPU',
    'most GC',
    `over ${GOAL_MS} ms`,
  ];
  return { text: table(head, rows), figures };
}

/** The turns of each flush. A flush begins so many seconds after the one before, and the first after the start. */
async function flushes(service, { count, rounds, seed, seconds, file }) {
  const began = performance.now();
  const until = (second) => sleep(Math.max(0, began + second * 1000 - performance.now()));
  const random = seededRandom(seed);
  const flushed = [];
  for (let round = 0; round < rounds; round += 1) {
    const indexes = shuffled(
      Array.from({ length: count }, (_, at) => REVOKED_INDEX + 1 + at),
      random,
    );
    const requests = indexes.map((index) => requestBytes(WHOAMI, tokenAt(index)));
    const statuses = await runClosedLoop({ port: service.port, connections: CONNECTIONS, requests });
    if (statuses[200] !== count) throw new Error(`Answers: ${JSON.stringify(statuses)}`);
    const due = (round + 1) * seconds;
    if (performance.now() - began > (due - 1) * 1000) throw new Error('The keys were not used in time.');
    await until(due - 1);
    service.signal('SIGUSR2');
    await until(due + Math.min(WRITTEN_AFTER_SECONDS, seconds / 2));
    service.signal('SIGUSR2');
    await sleep(200);
    const turns = JSON.parse(readFileSync(file, 'utf8'));
    progress(`flush ${round + 1}: longest turn ${Math.max(...turns.map(({ took }) => took)).toFixed(1)} ms`);
    flushed.push(turns);
  }
  return flushed;
}
