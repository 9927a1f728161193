import { BOUNDED_INDEX, tokenAt } from '../keys.mjs';
import { progress } from '../report/progress.mjs';
import { spread, table } from '../report/table.mjs';
import { median, seededRandom, shuffled, summary } from '../statistics.mjs';
import { THINGS, WHOAMI } from '../variants/paths.mjs';
import { withPair } from './pair.mjs';

/** Requests to warm up with, and in a block of each key. */
const WARM_UP = 20_000;
const BLOCK = 2000;
/** Blocks of each key in a process. */
const BLOCKS = 50;

const KEYS = { plain: tokenAt(0), other: tokenAt(2), bounded: tokenAt(BOUNDED_INDEX) };

/**
 * What a rate limit, a quota and networks cost a request. Processes of one build differ by more than that, so all keys
 * are measured in one, in short turns: a block of each, in random order. The figure is the cost of a block over the mean
 * of the two keys without bounds; one of these over that mean shows the noise.
 */
export async function boundsSuite(options, databases) {
  const random = seededRandom(options.seed);
  const figures = {};
  for (const variant of boundsVariants(options)) {
    figures[variant.name] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const measured = await withPair(variant, databases, options, (pair) => inTurns(pair, random, options.scale));
      progress(`round ${round} of ${options.rounds}: ${variant.name}: ${measured.bounded.toFixed(3)}`);
      figures[variant.name].push(measured);
    }
  }
  const rows = Object.entries(figures).map(([name, rounds]) => {
    const cell = (figure, digits) => spread(summary(rounds.map((round) => round[figure])), digits);
    return [name, cell('plain', 1), cell('bounded', 3), cell('noise', 3)];
  });
  const head = ['server CPU', 'plain key, us a request', 'bounded over plain key', 'plain over plain key'];
  return { text: table(head, rows), figures };
}

function boundsVariants({ keys, loaded, only }) {
  const shared = { traffic: { kind: 'same' }, passes: 200, keys: keys[1] };
  const variants = loaded.flatMap((database) => {
    const leases = database === 'postgres';
    return [
      { ...shared, name: `ours, ${database}`, server: 'library', path: THINGS, database, leases },
      { ...shared, name: `service, ${database}`, server: 'service', path: WHOAMI, database },
    ];
  });
  return only === undefined ? variants : variants.filter(({ name }) => only.some((text) => name.includes(text)));
}

async function inTurns(pair, random, scale) {
  const block = Math.max(20, BLOCK * scale);
  for (const key of Object.values(KEYS)) await pair.warmUp(WARM_UP * scale, key);
  await pair.age(WARM_UP * scale);
  const costs = Object.fromEntries(Object.keys(KEYS).map((name) => [name, []]));
  for (let turn = 0; turn < BLOCKS; turn += 1) {
    for (const name of shuffled(Object.keys(KEYS), random)) costs[name].push(await pair.measure(block, KEYS[name]));
  }
  const means = costs.plain.map((cost, turn) => (cost + costs.other[turn]) / 2);
  const over = (name) => median(costs[name].map((cost, turn) => cost / means[turn]));
  return { plain: median(means), bounded: over('bounded'), noise: over('plain') };
}
