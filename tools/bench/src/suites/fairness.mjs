import { fileURLToPath } from 'node:url';
import { tokenAt } from '../keys.mjs';
import { createTenant, withService } from '../process/service-process.mjs';
import { startWorker } from '../process/worker.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { WHOAMI } from '../variants/paths.mjs';
import { withGenerators } from './generators.mjs';

const LISTER = fileURLToPath(new URL('../lister.mjs', import.meta.url));
const CREATOR = fileURLToPath(new URL('../creator.mjs', import.meta.url));
const PROBE_RATE = 200;
const FORGED_RATE = 500;
const AT_A_TIME = { lists: 4, creations: 8 };
/** What a probe may notice of others: so many times its p99 without them, or so many milliseconds. */
const BOUND = { factor: 2, ms: 25 };

/** Which others are at work beside the probe. */
const CASES = {
  alone: [],
  [`${AT_A_TIME.lists} lists at a time`]: ['lists'],
  [`${AT_A_TIME.creations} creations at a time, by bcrypt`]: ['creations'],
  [`${FORGED_RATE} forged keys a second`]: ['forged'],
  'all of them': ['lists', 'creations', 'forged'],
};

/** How long `whoami` of one tenant takes while others list keys, make keys and try forged ones, next to when they do not. */
export async function fairnessSuite(options, databases) {
  const texts = [];
  const figures = {};
  for (const database of options.loaded) {
    for (const fat of [false, true]) {
      const name = `${database}, ${fat ? 'keys with many scopes' : 'plain keys'}`;
      if (options.only !== undefined && !options.only.some((text) => name.includes(text))) continue;
      progress(`fairness: ${name}`);
      const runs = await withListedKeys(database, fat, options, databases);
      texts.push(
        table([`whoami at ${PROBE_RATE} rps, ms; ${name}`, 'p50', 'p99', 'worst', 'left late', 'lost', ''], rows(runs)),
      );
      figures[name] = runs;
    }
  }
  return { text: texts.join('\n\n'), figures };
}

async function withListedKeys(database, fat, { quick, rounds }, databases) {
  const seconds = quick ? 1 : 10;
  const key = tokenAt(0);
  const { url } = await databases.withOneKey(database, `fairness_${fat ? 'fat' : 'plain'}`);
  const probed = createTenant(url, 'Another tenant');
  return withWorkers(async (lister, creator) => {
    await withService(url, { SECRET_HASHER: 'hmac-sha256' }, ({ port }) =>
      lister.ask('fill', { port, key, count: quick ? 60 : 999, fat }),
    );
    const runs = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]));
    await withService(url, {}, ({ port }) =>
      withGenerators(2, async (prober, flooder) => {
        const at = (generator, traffic, rate) =>
          generator.ask('atRate', { port, path: WHOAMI, traffic, rate, seconds });
        let first = 0;
        const others = {
          lists: () => lister.ask('list', { port, key, atATime: AT_A_TIME.lists, seconds }),
          creations: () => creator.ask('create', { port, key, atATime: AT_A_TIME.creations, seconds }),
          forged: () => at(flooder, { kind: 'forged', key, first: (first += 1_000_000) }, FORGED_RATE),
        };
        await at(prober, { kind: 'same', key: probed }, PROBE_RATE);
        for (let round = 0; round < Math.min(rounds, 3); round += 1) {
          for (const [name, kinds] of Object.entries(CASES)) {
            const at_work = kinds.map((kind) => others[kind]());
            runs[name].push(await at(prober, { kind: 'same', key: probed }, PROBE_RATE));
            await Promise.all(at_work);
          }
        }
      }),
    );
    return runs;
  });
}

async function withWorkers(work) {
  const workers = [LISTER, CREATOR].map((script) => startWorker(script));
  try {
    return await work(...workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

/**
 * Of several rounds the best: whatever else runs on the machine can only add. The probe shares its cores with all the
 * others: "left late" is the p99 of how late its requests left, which is part of their latency and no fault of the service.
 */
function rows(runs) {
  const best = (name) => runs[name].toSorted((a, b) => a.p99 - b.p99)[0];
  const bound = Math.max(BOUND.factor * best('alone').p99, BOUND.ms);
  return Object.keys(runs).map((name) => {
    const { p50, p99, worst, late, lost } = best(name);
    const verdict = p99 <= bound ? '' : `above ${bound.toFixed(0)}`;
    return [name, ...[p50, p99, worst, late].map((ms) => ms.toFixed(1)), String(lost), verdict];
  });
}
