import { mkdirSync, writeFileSync } from 'node:fs';
import { table } from '../report/table.mjs';
import { withPair } from './pair.mjs';
import { verifyVariants } from './verify-variants.mjs';

const FOLDER = new URL('../../results/', import.meta.url);
const SHOWN = 40;
/** Waiting, and the profiler itself. */
const NOT_THE_SERVER = new Set(['(idle)', 'dispatch']);
const SAMPLED = ['ours, sqlite'];

/** Where the time of a variant goes beyond that of its reference, function by function, in aged processes. */
export async function profileSuite(options, databases) {
  const largest = SAMPLED.map((name) => `${name}, ${options.keys.at(-1)} keys`);
  const variants = verifyVariants({ ...options, only: options.only ?? largest });
  const times = new Map();
  for (const variant of variants) times.set(variant.name, await profiled(variant, databases, options));
  const texts = variants.filter(({ reference }) => times.has(reference)).map((variant) => report(variant, times));
  return { text: texts.join('\n\n'), figures: { times: Object.fromEntries([...times].map(([n, t]) => [n, [...t]])) } };
}

async function profiled(variant, databases, options) {
  // A profile counts time and not CPU time: on one core, writing an answer would seem to last while the client runs.
  const apart = { ...options, clientCore: options.otherCores[0] };
  return withPair(variant, databases, apart, async (pair) => {
    await pair.warmUp(variant.warmUp);
    await pair.age(variant.warmUp);
    const { functions, profile } = await pair.profile(variant.requests);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(new URL(`${variant.name.replaceAll(/\W+/g, '-')}.cpuprofile`, FOLDER), JSON.stringify(profile));
    return new Map(functions);
  });
}

function report({ name, reference }, times) {
  const base = times.get(reference);
  const rows = [...times.get(name)]
    .filter(([what]) => !NOT_THE_SERVER.has(what))
    .map(([what, time]) => ({ what, time, more: time - (base.get(what) ?? 0) }))
    .sort((a, b) => b.more - a.more)
    .slice(0, SHOWN)
    .map(({ what, time, more }) => [what, time.toFixed(2), more.toFixed(2)]);
  return table([`${name}: own time, us a request`, 'all', `beyond ${reference}`], rows);
}
