import { setTimeout as sleep } from 'node:timers/promises';
import { withCluster } from '../instances/cluster.mjs';
import { assertMode, settingsOfMode } from '../instances/modes.mjs';
import { monotonicMs } from '../instances/monotonic.mjs';
import { outcomeOf } from '../instances/outcomes.mjs';
import { keyIdAt, tokenAt } from '../keys.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile, seededRandom } from '../statistics.mjs';
import { Connections } from '../traffic/connections.mjs';
import { changeBytes, requestBytes } from '../traffic/requests.mjs';

const ROUNDS = { full: 500, quick: 4 };
/** Instances that lose their database, one round after the other, beside the one that revokes and keeps its own. */
const VICTIMS = 4;
/** The key that revokes, and the one that nothing is taken away from; the keys after them are revoked. */
const CALLER = 10;
const STEADY = 11;
const FIRST = 12;
const KEYS = '/v1/identity/api-keys';
const WHOAMI = '/v1/identity/whoami';
const SETTINGS = { SECRET_HASHER: 'hmac-sha256', SHUTDOWN_GRACE_SECONDS: '1' };

/** A lease is 3 s: an outage may end long before one does, or outlast it. */
const OUTAGE_MS = [50, 4000];
const REVOKED_WITHIN_MS = 200;
const EVERY_MS = 25;
const PATIENCE_MS = 30_000;
const RECOVERED_WITHIN_MS = 20_000;

const BOTH = ['queries', 'answers'];
const START = {
  refused(proxy) {
    proxy.refuse(true);
    proxy.cut();
  },
  silent: (proxy) => proxy.silence(BOTH),
  'silent, then cut': (proxy) => proxy.silence(BOTH),
};

function end(kind, proxy) {
  if (kind === 'silent, then cut') proxy.cut();
  proxy.refuse(false);
  proxy.silence([]);
}

/**
 * Takes the database away from one instance and gives it back, while another instance revokes a key that the first one
 * knows. Sets the exit code to 1 if the key is accepted after the 204, another key is refused, or the instance does not
 * recover by itself.
 */
export async function outagesOfTheDatabase({ modes, quick, seed }, databases) {
  const rounds = ROUNDS[quick ? 'quick' : 'full'];
  const runs = [];
  for (const mode of modes) {
    progress(`${rounds} outages, ${mode}`);
    const { url } = await databases.newWithKeys('postgres', 'outages', FIRST + rounds);
    const settings = { ...SETTINGS, ...settingsOfMode(mode) };
    const cluster = { url, count: VICTIMS + 1, settingsOf: () => settings, folder: databases.folder };
    runs.push(await withCluster(cluster, (instances) => runOutages({ mode, rounds, seed, instances })));
  }
  const failed = runs.some(({ stale, refused, lost, crashes }) => stale + refused + lost + crashes > 0);
  if (failed) process.exitCode = 1;
  return { text: runs.map(textOf).join('\n\n'), runs };
}

async function runOutages({ mode, rounds, seed, instances }) {
  const [writer, ...victims] = instances;
  await assertMode(mode, writer.service);
  const run = { mode, stale: 0, refused: 0, lost: 0, crashes: 0, outcomes: {}, rounds: [], unavailable: [] };
  const random = seededRandom(seed);
  const left = Array.from({ length: rounds }, (_, round) => round).values();
  const revoker = new Connections(writer.port);
  await Promise.all(
    victims.map(async (instance) => {
      const connections = new Connections(instance.port);
      for (const round of left) {
        await prepared(instance, connections, mode, FIRST + round);
        run.rounds.push(await outage({ run, instance, connections, revoker, round, random }));
        if (run.rounds.length % 100 === 0) progress(`${run.rounds.length} outages, stale accepts: ${run.stale}`);
      }
      connections.close();
    }),
  );
  revoker.close();
  run.crashes = instances.filter(({ service }) => !service.isAlive).length;
  return run;
}

/** Until the instance knows the key: with leases, from memory. */
async function prepared({ service }, connections, mode, index) {
  for (const deadline = monotonicMs() + PATIENCE_MS; monotonicMs() < deadline; await sleep(EVERY_MS)) {
    const { status } = await connections.send(requestBytes(WHOAMI, tokenAt(index)), PATIENCE_MS);
    if (status !== 200) continue;
    if (mode !== 'leases' || (await service.counters()).get('feather_credential_lease_held') === 1) return;
  }
  throw new Error('An instance does not accept a key before its outage.');
}

async function outage({ run, instance: { proxy }, connections, revoker, round, random }) {
  const kinds = Object.keys(START);
  const kind = kinds[round % kinds.length];
  const [shortest, longest] = OUTAGE_MS;
  const lasts = shortest + random() * (longest - shortest);
  const seen = { kind, lasts };
  const at = { sent: Infinity, answered: Infinity, back: Infinity };
  let isOver = false;

  const verify = async (index, note) => {
    while (!isOver) {
      const begun = monotonicMs();
      const outcome = outcomeOf(await connections.send(requestBytes(WHOAMI, tokenAt(index)), PATIENCE_MS));
      const ended = monotonicMs();
      run.outcomes[outcome] = (run.outcomes[outcome] ?? 0) + 1;
      if (outcome.startsWith('503')) run.unavailable.push(ended - begun);
      note(outcome, begun, ended);
      await sleep(EVERY_MS);
    }
  };
  const steady = verify(STEADY, (outcome, begun, ended) => {
    if (outcome === '401') run.refused += 1;
    if (outcome === '200' && begun > at.back) seen.recovered ??= ended - at.back;
  });
  const revoked = verify(FIRST + round, (outcome, begun, ended) => {
    if (outcome === '200' && begun > at.answered) run.stale += 1;
    if (outcome === '401' && ended < at.sent) run.refused += 1;
    if (outcome !== '200' && begun > at.answered) seen.refusedAfter ??= ended - at.answered;
    if (outcome === '401' && begun > at.back) seen.exact ??= ended - Math.max(at.back, at.answered);
  });
  const revoke = async () => {
    await sleep(random() * Math.min(REVOKED_WITHIN_MS, lasts));
    at.sent = monotonicMs();
    const bytes = changeBytes('DELETE', `${KEYS}/${keyIdAt(FIRST + round)}`, tokenAt(CALLER));
    const { status } = await revoker.send(bytes, PATIENCE_MS);
    const now = monotonicMs();
    seen.status = status;
    seen.revoked = now - at.sent;
    if (status === 204) at.answered = now;
  };

  START[kind](proxy);
  await Promise.all([revoke(), sleep(lasts)]);
  end(kind, proxy);
  at.back = monotonicMs();
  const isDone = () => seen.recovered !== undefined && seen.exact !== undefined;
  while (!isDone() && monotonicMs() < at.back + RECOVERED_WITHIN_MS) await sleep(1);
  if (!isDone()) run.lost += 1;
  isOver = true;
  await Promise.all([steady, revoked]);
  return seen;
}

function textOf({ mode, stale, refused, lost, crashes, outcomes, rounds, unavailable }) {
  const row = (name, values) => [
    `  ${name}`,
    String(values.length),
    ...[0.5, 0.99, 1].map((share) => (values.length === 0 ? '' : percentile(values, share).toFixed(0))),
  ];
  const of = (name) => rounds.map((round) => round[name]).filter((value) => value !== undefined);
  const listed = Object.entries(outcomes).map(([name, count]) => `${count} x ${name}`);
  return [
    table(
      [`${rounds.length} outages of the database, ${mode}, ms`, 'count', 'p50', 'p99', 'worst'],
      [
        row('an outage lasts', of('lasts')),
        row('a revocation at an instance that has its database', of('revoked')),
        row('from its 204 to the first refusal where the database is away', of('refusedAfter')),
        row('a 503', unavailable),
        row('from the return of the database to the first 200', of('recovered')),
        row('from that, or the 204, to the first 401 of the revoked key', of('exact')),
      ],
    ),
    `  revocations answered 204: ${rounds.filter(({ status }) => status === 204).length}`,
    `  verifications: ${listed.join(', ')}`,
    `  other keys refused: ${refused}; not recovered: ${lost}; instances that ended by themselves: ${crashes}`,
    `  STALE ACCEPTS: ${stale}`,
  ].join('\n');
}
