import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

/** How the bench is called. */
export const USAGE = `npm run bench -- [--suite verify|bounds|mint|load|fairness|timing|profile|import|flush|instances|failover|regions|growth] [options]
  --suite NAME      what to measure (default verify; several with commas)
  --rounds N        fresh process pairs of each variant (default 6); fail-overs of each kind (default 1)
  --only TEXT       only variants or parts whose name contains the text, and their references; may be repeated
  --seed N          repeats the order of an earlier run
  --core N          the core of server and load generator (default: the last one)
  --connections N   keep-alive connections of the load generator (default 32)
  --quick           everything with tiny counts: shows that the bench works, measures nothing
  --changes N       revocations and other changes that instances must answer (default 10000)
  --mode NAME       how instances verify: strict (the default; several with commas, in turns)
  --self-test       puts a cache before one instance and ends with 0 only if the stale answers are found
  --limit-store URL where instances count limits together (default: each counts for itself)
  --tree PATH       another checkout of this repository, built and with its node_modules, to bench instead of this one`;

/** The counts of a run: keys in a small, a middle and a large table, requests, and the databases under the service. */
const FULL = { keys: [1, 1000, 1_000_000], scale: 1, loaded: ['sqlite', 'postgres'], changes: 10_000 };
const QUICK = { keys: [1, 20, 3000], scale: 0.004, loaded: ['sqlite'], changes: 200 };

/** The options of the command line. Throws for unknown ones. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      suite: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      seed: { type: 'string' },
      core: { type: 'string' },
      connections: { type: 'string' },
      quick: { type: 'boolean', default: false },
      changes: { type: 'string' },
      mode: { type: 'string' },
      'self-test': { type: 'boolean', default: false },
      'limit-store': { type: 'string' },
      tree: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name, fallback) => (values[name] === undefined ? fallback : Number.parseInt(values[name], 10));
  const core = number('core', cpus().length - 1);
  const counts = values.quick ? QUICK : FULL;
  return {
    ...counts,
    help: values.help,
    tree: values.tree,
    quick: values.quick,
    suites: (
      values.suite ??
      (values.quick ? 'verify,bounds,mint,load,fairness,timing,profile,import,flush,instances' : 'verify')
    ).split(','),
    rounds: number('rounds', values.quick ? 1 : 6),
    failovers: number('rounds', 1),
    only: values.only,
    seed: number('seed', randomInt(2 ** 31)),
    core,
    otherCores: otherCores(core),
    connections: number('connections', 32),
    changes: number('changes', counts.changes),
    modes: (values.mode ?? 'strict').split(','),
    selfTest: values['self-test'],
    limitStore: values['limit-store'],
  };
}

function otherCores(core) {
  const others = cpus()
    .map((_, index) => index)
    .filter((index) => index !== core);
  return others.length > 0 ? others : [core];
}
