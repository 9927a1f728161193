import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startWorker } from '../process/worker.mjs';
import { progress } from '../report/progress.mjs';
import { spread, table } from '../report/table.mjs';
import { seededRandom, shuffled, summary } from '../statistics.mjs';
import { mintComparisons, mintVariants } from './mint-variants.mjs';
import { whoamiWhileMinting } from './whoami-while-minting.mjs';

const MINTER = fileURLToPath(new URL('../minter.mjs', import.meta.url));

/** How many keys a second are made, ours beside better-auth's and bare bcrypt. */
export async function mintSuite(options, databases) {
  const variants = mintVariants(options);
  const random = seededRandom(options.seed);
  const rounds = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const rates = {};
    for (const variant of shuffled(variants, random)) {
      rates[variant.name] = await measure(variant, databases);
      progress(`round ${round} of ${options.rounds}: ${variant.name}: ${rates[variant.name].toFixed(0)} a second`);
    }
    rounds.push(rates);
  }
  const whoami = options.only === undefined ? await whoamiWhileMinting(options, databases) : null;
  return { text: [report(variants, rounds), whoami?.text ?? ''].join('\n\n'), figures: { rounds, whoami } };
}

async function measure(variant, databases) {
  const where = await placeOf(variant, databases);
  // bcrypt runs on libuv's threads: as many as our library lets it have at once.
  const threads = variant.maker === 'bcrypt' ? { UV_THREADPOOL_SIZE: String(Math.max(1, cpus().length - 1)) } : {};
  const env = { BENCH_VARIANT: JSON.stringify({ ...variant, ...where }), ...threads };
  const minter = startWorker(MINTER, { env });
  try {
    if (variant.hasher !== undefined) await proveHasher(minter, variant.hasher);
    await minter.ask('create', variant.warmUp);
    return await minter.ask('create', variant.count);
  } finally {
    await minter.stop();
  }
}

/** Makes one key and looks whether it has a bcrypt hash. Throws when it should not, or should. */
async function proveHasher(minter, hasher) {
  const before = await minter.ask('countHashed');
  await minter.ask('create', 1);
  const hashed = (await minter.ask('countHashed')) > before;
  if (hashed !== (hasher === 'bcrypt')) throw new Error(`SECRET_HASHER=${hasher} is not what keys are made with here.`);
}

function placeOf({ maker, database, name }, databases) {
  if (maker === 'bcrypt') return {};
  const file = `mint_${name.replaceAll(/\W+/g, '_')}`.toLowerCase();
  return maker === 'ours' ? databases.withOneKey(database, file) : databases.empty(database, file);
}

function report(variants, rounds) {
  const rows = variants.map(({ name }) => [name, spread(summary(rounds.map((rates) => rates[name])), 0)]);
  const ratios = mintComparisons()
    .filter(({ rate, base }) => rate in rounds[0] && base in rounds[0])
    .map(({ title, rate, base, bound }) => {
      const ratio = summary(rounds.map((rates) => rates[rate] / rates[base]));
      return [title, spread(ratio, 2), bound];
    });
  return `${table(['keys made', 'a second'], rows)}\n\n${table(['ratio', 'by round', 'asked for'], ratios)}`;
}
