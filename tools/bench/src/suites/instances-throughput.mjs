import { withChanger, CALLERS, INSTANCES } from '../instances/changing.mjs';
import { inTurns } from '../instances/modes.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile, summary } from '../statistics.mjs';

const AT_ONCE = [1, 8, 32];
const VERIFICATION_RATE = 50;
/** These open connections and prepare statements. */
const WARM_UP = 50;

/** Revocations a second while nothing fails, so many at a time, at random instances. */
export async function revocationsASecond({ modes, rounds, quick, seed }, databases) {
  const count = quick ? 50 : 500;
  const runs = [];
  for (const { mode, round } of inTurns(modes, quick ? 1 : rounds, 1)) {
    for (const atOnce of AT_ONCE) {
      progress(`${count} revocations, ${atOnce} at a time, ${mode}`);
      runs.push({ mode, atOnce, ...(await revoke({ mode, count, atOnce, seed: seed + round, databases })) });
    }
  }
  const head = [`revocations, ${INSTANCES} instances, no faults`, 'a second', 'p50 ms', 'p99 ms', 'worst ms'];
  const rows = modes.flatMap((mode) => AT_ONCE.map((atOnce) => row(mode, atOnce, runs)));
  return { text: table(head, rows), runs };
}

function revoke({ mode, count, atOnce, seed, databases }) {
  return withChanger({ mode, count: count + WARM_UP, databases }, async (changer) => {
    await changer.ask('begin', { seed, callers: CALLERS, kinds: ['revocation'], watched: false });
    const plan = { rate: null, atOnce, verificationRate: VERIFICATION_RATE };
    await changer.ask('change', { ...plan, count: WARM_UP });
    const seconds = await changer.ask('change', { ...plan, count });
    const { changes } = await changer.ask('finish');
    const durations = changes.slice(-count).map(({ sentAt, endedAt }) => endedAt - sentAt);
    return { perSecond: count / seconds, durations };
  });
}

function row(mode, atOnce, runs) {
  const own = runs.filter((run) => run.mode === mode && run.atOnce === atOnce);
  const durations = own.flatMap((run) => run.durations);
  const at = (share) => percentile(durations, share).toFixed(1);
  const perSecond = summary(own.map((run) => run.perSecond)).median.toFixed(0);
  return [`${mode}, ${atOnce} at a time`, perSecond, at(0.5), at(0.99), at(1)];
}
