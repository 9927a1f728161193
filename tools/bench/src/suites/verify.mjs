import { progress } from '../report/progress.mjs';
import { spread, table } from '../report/table.mjs';
import { seededRandom, shuffled, summary } from '../statistics.mjs';
import { withPair } from './pair.mjs';
import { comparisons, verifyVariants } from './verify-variants.mjs';

/** What a verified request costs the server, by variant, next to what it costs without any authentication. */
export async function verifySuite(options, databases) {
  const variants = verifyVariants(options);
  const random = seededRandom(options.seed);
  const rounds = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const costs = {};
    for (const variant of shuffled(variants, random)) {
      const cost = await measured(variant, databases, options);
      costs[variant.name] = cost;
      const figures = `${cost.fresh.toFixed(1)} us fresh, ${cost.aged.toFixed(1)} us aged`;
      progress(`round ${round} of ${options.rounds}: ${variant.name}: ${figures}`);
    }
    rounds.push(costs);
  }
  return { text: report(variants, rounds, options), figures: { rounds } };
}

async function measured(variant, databases, options) {
  return withPair(variant, databases, options, async (pair) => {
    await pair.warmUp(variant.warmUp);
    const fresh = await pair.measure(variant.requests);
    await pair.age(variant.warmUp);
    return { fresh, aged: await pair.measure(variant.requests) };
  });
}

function report(variants, rounds, { keys }) {
  const head = ['server CPU, us a request', 'fresh', 'aged', 'share, fresh', 'share, aged'];
  const rows = variants.map(({ name, reference }) => {
    const cost = (state) => spread(summary(rounds.map((costs) => costs[name][state])), 1);
    const share = (state) => (reference === null ? '' : spread(paired(rounds, reference, name, state), 3));
    return [name, cost('fresh'), cost('aged'), share('fresh'), share('aged')];
  });
  return `${table(head, rows)}\n\n${compared(rounds, keys)}`;
}

function compared(rounds, keys) {
  const rows = comparisons(keys)
    .filter(({ cost, base }) => cost in rounds[0] && base in rounds[0])
    .map(({ title, cost, base, bound }) => {
      const ratio = (state) => spread(paired(rounds, cost, base, state), 2);
      return [title, ratio('fresh'), ratio('aged'), bound];
    });
  return rows.length === 0 ? '' : table(['ratio, paired by round', 'fresh', 'aged (judged)', 'asked for'], rows);
}

/** The ratio of two variants in each round. */
function paired(rounds, cost, base, state) {
  return summary(rounds.map((costs) => costs[cost][state] / costs[base][state]));
}
