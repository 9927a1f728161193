import { newPepper } from '../ours.mjs';
import { tokenAt } from '../keys.mjs';
import { withService } from '../process/service-process.mjs';
import { table } from '../report/table.mjs';
import { WHOAMI } from '../variants/paths.mjs';
import { growth } from './counter-growth.mjs';
import { withGenerators } from './generators.mjs';

const ACTIVE_KEYS = 10_000;
const RATE = 200;
const AT_ONCE = 100;
const HASHED_KEYS = 400;
const HEALING_RATE = 50;

/** The first uses of 10,000 keys at 200 rps, from the moment a new process is ready. */
export async function coldStart(database, { quick }, databases) {
  const seconds = quick ? 1 : ACTIVE_KEYS / RATE;
  const { url } = await databases.withKeys(database, quick ? 3000 : ACTIVE_KEYS + 20);
  const { answers, counters } = await withService(url, {}, (service) =>
    withGenerators(1, async (generator) => {
      const before = await service.counters();
      const traffic = { kind: 'cold', first: 10, stride: 1, offset: 0 };
      const answers = await generator.ask('atRate', { port: service.port, path: WHOAMI, traffic, rate: RATE, seconds });
      return { answers, counters: growth(before, await service.counters()) };
    }),
  );
  const { sent, statuses, p50, p99, worst } = answers;
  const answered = `${statuses[200] ?? 0}/${sent}`;
  const head = [`restart, ${sent} keys for the first time at ${RATE} rps on ${database}`, 'p50', 'p99', 'worst'];
  const times = [p50, p99, worst].map((value) => value.toFixed(1));
  return { text: `${table(head, [[`answered 200: ${answered}`, ...times]])}\ncounters: ${counters}`, answers };
}

/** A new process without the old pepper: a key in use, and others of which each needs a bcrypt check first. */
export async function lostPepper(database, { quick }, databases) {
  const count = quick ? 20 : HASHED_KEYS;
  // A pepper of each run's own: proofs that an earlier run healed are of no use again.
  const { url } = await databases.withHashedKeys(database, count);
  const { warm, cold, counters } = await withService(url, { SECRET_PEPPERS: newPepper() }, (service) =>
    withGenerators(2, async (prober, generator) => {
      const atRate = (worker, traffic, rate) =>
        worker.ask('atRate', { port: service.port, path: WHOAMI, traffic, rate, seconds: (count - 10) / HEALING_RATE });
      await service.get(WHOAMI, tokenAt(0));
      const before = await service.counters();
      const healing = atRate(generator, { kind: 'cold', first: 10, stride: 1, offset: 0 }, HEALING_RATE);
      const warm = await atRate(prober, { kind: 'same', key: tokenAt(0) }, RATE);
      return { warm, cold: await healing, counters: growth(before, await service.counters()) };
    }),
  );
  const row = (name, { statuses, p50, p99, worst }) => [
    `${name}: ${JSON.stringify(statuses)}`,
    ...[p50, p99, worst].map((value) => value.toFixed(1)),
  ];
  const rows = [row(`a key in use at ${RATE} rps`, warm), row(`first uses at ${HEALING_RATE} rps`, cold)];
  return {
    text: `${table([`pepper lost, ${database}`, 'p50', 'p99', 'worst'], rows)}\ncounters: ${counters}`,
    warm,
    cold,
  };
}

/** One key that this process never saw, from 100 connections at once: RL6. */
export async function firstUses(database, { keys }, databases) {
  const { url } = await databases.withKeys(database, keys[1]);
  const { answers, counters } = await withService(url, {}, (service) =>
    withGenerators(1, async (generator) => {
      const before = await service.counters();
      const traffic = { kind: 'same', key: tokenAt(10) };
      const load = { port: service.port, path: WHOAMI, traffic, connections: AT_ONCE, count: AT_ONCE };
      const answers = await generator.ask('atOnce', load);
      return { answers, counters: growth(before, await service.counters()) };
    }),
  );
  const result = `${JSON.stringify(answers.statuses)} in ${answers.milliseconds.toFixed(0)} ms`;
  return { text: `${AT_ONCE} first uses of one key at once on ${database}: ${result}\ncounters: ${counters}`, answers };
}
