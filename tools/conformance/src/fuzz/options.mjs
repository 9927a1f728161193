import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readBase, UsageError } from '../options.mjs';

const DEFAULT_REQUESTS = '100000';
const SEEDS = 2 ** 31;

/** How to call the program. */
export const HELP = 'Usage: npm run fuzz -- [--requests N] [--seed N] [--base URL --key KEY]';

/** Reads the command line. `target` is null when the program starts a service of its own. Throws UsageError. */
export function readFuzzOptions(args) {
  const given = parse(args);
  if ((given.base === undefined) !== (given.key === undefined)) throw new UsageError('--base and --key go together.');
  return {
    requests: readNumber('--requests', given.requests ?? DEFAULT_REQUESTS),
    seed: readNumber('--seed', given.seed ?? String(randomInt(SEEDS))),
    target: given.base === undefined ? null : { base: readBase(given.base), key: given.key },
  };
}

function parse(args) {
  const text = { type: /** @type {const} */ ('string') };
  try {
    return parseArgs({ args, options: { requests: text, seed: text, base: text, key: text } }).values;
  } catch {
    throw new UsageError('This is not how to call it.');
  }
}

function readNumber(option, text) {
  if (!/^\d{1,9}$|^[12]\d{9}$/.test(text)) throw new UsageError(`${option} takes a whole number.`);
  return Number(text);
}
