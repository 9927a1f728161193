import { CALLERS, INSTANCES, withChanger } from '../instances/changing.mjs';
import { FaultSchedule } from '../instances/faults.mjs';
import { inTurns } from '../instances/modes.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile } from '../statistics.mjs';

/** Slow enough that faults strike many of them, quick enough for 10,000 in some minutes. */
const CHANGES_A_SECOND = 25;
const AT_ONCE = 10;
/** A second and instance, besides those that follow each change. */
const VERIFICATION_RATE = 30;
/** A fault has effects for so long after its end: a lease, and some time to recover. */
const AFTERMATH_MS = 4000;

const CALM = 'calm';
const ELSEWHERE = 'fault at another instance';
const HERE = 'fault at its instance';
const SITUATIONS = [CALM, ELSEWHERE, HERE];

/**
 * Takes rights away at random instances while instances and their ways to the database fail, and counts the
 * verifications that began after the answer and were accepted all the same. Sets the exit code to 1 if there is one,
 * or in a self-test if there is none.
 */
export async function changesUnderFaults({ modes, rounds, changes, quick, seed, selfTest }, databases) {
  const runs = [];
  for (const { mode, round, count } of inTurns(modes, quick ? 1 : rounds, changes)) {
    progress(`${count} changes, ${mode}, round ${round + 1}`);
    const run = await changeUnderLoad({ mode, count, seed: seed + round, stale: selfTest, databases });
    progress(`stale accepts: ${run.stale.count}; ended by themselves: ${run.crashes}`);
    runs.push({ mode, round, ...run });
  }
  const failed = runs.some(({ stale, crashes }) => stale.count > 0 || crashes > 0);
  if (failed !== selfTest) process.exitCode = 1;
  const texts = modes.map((mode) =>
    textOf(
      mode,
      runs.filter((run) => run.mode === mode),
    ),
  );
  return { text: [...texts, verdict(failed, selfTest)].join('\n\n'), runs };
}

/**
 * Makes so many changes and tells what was seen of them.
 *
 * @param stale - puts a cache before the first instance
 * @param faulty - whether processes and networks fail meanwhile
 */
export function changeUnderLoad({ mode, count, seed, stale, faulty = true, databases }) {
  return withChanger({ mode, count, stale, databases }, async (changer, instances) => {
    await changer.ask('begin', { seed, callers: CALLERS, watched: true });
    const faults = new FaultSchedule(faulty ? instances : [], seed);
    const plan = { count, rate: CHANGES_A_SECOND, atOnce: AT_ONCE, verificationRate: VERIFICATION_RATE };
    const seconds = await changer.ask('change', plan);
    await faults.stop();
    const report = await changer.ask('finish');
    const { happened } = faults;
    for (const example of report.stale.examples) example.faults = faultsNear(happened, example.begun, example.begun);
    const crashes = instances.reduce((sum, instance) => sum + instance.crashes, 0);
    return { seconds, crashes, faults: happened, ...report };
  });
}

/** The faults that were active then, or had ended shortly before, with milliseconds from then. */
function faultsNear(happened, from, to) {
  return happened
    .filter((fault) => fault.from < to && fault.to > from - AFTERMATH_MS)
    .map(({ name, instance, ...fault }) => ({ name, instance, from: fault.from - from, to: fault.to - from }));
}

function situation(happened, instance, from, to) {
  const near = faultsNear(happened, from, to);
  if (near.length === 0) return CALM;
  return near.some((fault) => fault.instance === instance) ? HERE : ELSEWHERE;
}

function textOf(mode, runs) {
  return [
    table([`changes, ${INSTANCES} instances, ${mode}`, ...CHANGE_HEAD], changeRows(runs)),
    table(['  from sending a change to its answer, ms', ...TIME_HEAD], timeRows(runs, durations)),
    table(['  from the answer to the first refusal at each instance, ms', ...TIME_HEAD], timeRows(runs, refusals)),
    table(['  slowest verifications, ms', 'over 100', 'over 1,000', 'worst', 'worst outcome'], slowRows(runs)),
    `  verifications: ${listed(runs.map(({ verifications }) => verifications))}`,
    `  answers to changes: ${listed(runs.map(({ changeOutcomes }) => changeOutcomes))}`,
    `  faults: ${listed(runs.flatMap(({ faults }) => faults.map(({ name }) => ({ [name]: 1 }))))}`,
    `  accepted after a 404 to a second request, before the answer to the first: ${sum(runs, ({ stale }) => stale.afterGone)}`,
    `  refused although nothing was taken away: ${sum(runs, ({ wronglyRefused }) => wronglyRefused.count)}`,
    `  instances that ended by themselves: ${sum(runs, ({ crashes }) => crashes)}`,
    `  STALE ACCEPTS: ${sum(runs, ({ stale }) => stale.count)}`,
  ].join('\n');
}

const CHANGE_HEAD = ['sent', 'acknowledged', 'by a retry', 'unknown', 'never refused'];

function changeRows(runs) {
  const changes = runs.flatMap((run) => run.changes);
  const kinds = [...new Set(changes.map(({ kind }) => kind))].toSorted();
  return [...kinds, 'all'].map((kind) => {
    const own = changes.filter((change) => kind === 'all' || change.kind === kind);
    const count = (fits) => String(own.filter(fits).length);
    return [
      `  ${kind}`,
      String(own.length),
      count(({ answeredAt }) => answeredAt !== undefined),
      count(({ answeredAt, outcome }) => answeredAt !== undefined && !isSuccess(outcome)),
      count(({ answeredAt }) => answeredAt === undefined),
      count(({ answeredAt, refusedAfter }) => answeredAt !== undefined && !isComplete(refusedAfter)),
    ];
  });
}

function isSuccess(outcome) {
  return outcome === '200' || outcome === '204';
}

function isComplete(refusedAfter) {
  return Array.from({ length: INSTANCES }, (_, number) => refusedAfter[number]).every(Number.isFinite);
}

const TIME_HEAD = ['count', 'p50', 'p90', 'p99', 'worst'];

function timeRows(runs, timesOf) {
  const times = runs.flatMap((run) => timesOf(run));
  return SITUATIONS.map((name) => {
    const own = times.filter((time) => time.situation === name).map(({ ms }) => ms);
    const at = (share) => (own.length === 0 ? '' : percentile(own, share).toFixed(1));
    return [`  ${name}`, String(own.length), at(0.5), at(0.9), at(0.99), at(1)];
  });
}

/** How long the first request of each change took that was acknowledged. */
function durations({ changes, faults }) {
  return changes
    .filter(({ outcome }) => isSuccess(outcome))
    .map(({ via, sentAt, endedAt }) => ({
      ms: endedAt - sentAt,
      situation: situation(faults, via, sentAt, endedAt),
    }));
}

function refusals({ changes, faults }) {
  return changes.flatMap(({ answeredAt, refusedAfter }) =>
    refusedAfter.flatMap((ms, number) =>
      Number.isFinite(ms) ? [{ ms, situation: situation(faults, number, answeredAt, answeredAt + ms) }] : [],
    ),
  );
}

function slowRows(runs) {
  const all = runs.flatMap(({ slow, faults }) =>
    slow.map(({ instance, begun, took, outcome }) => ({
      took,
      outcome,
      situation: situation(faults, instance, begun, begun + took),
    })),
  );
  return SITUATIONS.map((name) => {
    const own = all.filter((one) => one.situation === name);
    const [worst] = own.toSorted((a, b) => b.took - a.took);
    const over = (ms) => String(own.filter(({ took }) => took > ms).length);
    return [`  ${name}`, over(100), over(1000), worst?.took.toFixed(0) ?? '', worst?.outcome ?? ''];
  });
}

/** Counts by name of several runs together, the largest first. */
function listed(counts) {
  const all = {};
  for (const [name, count] of counts.flatMap(Object.entries)) all[name] = (all[name] ?? 0) + count;
  const inOrder = Object.entries(all).toSorted(([, a], [, b]) => b - a);
  return inOrder.map(([name, count]) => `${count} x ${name}`).join(', ');
}

function sum(runs, countOf) {
  return runs.reduce((total, run) => total + countOf(run), 0);
}

function verdict(failed, selfTest) {
  if (selfTest) return failed ? 'The self-test found the stale answers.' : 'THE SELF-TEST FOUND NOTHING.';
  return failed ? 'FAILED: see the examples in the figures.' : 'No accept began after the answer to a change.';
}
