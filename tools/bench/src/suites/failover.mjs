import { setTimeout as sleep } from 'node:timers/promises';
import { PatroniCluster } from '../cluster/patroni-cluster.mjs';
import { PATRONI_SECONDS } from '../cluster/patroni-settings.mjs';
import { createTenant, refusedStart, withService } from '../process/service-process.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { seededRandom } from '../statistics.mjs';
import { ChangingKeys } from '../traffic/changing-keys.mjs';

/** How long the load runs before a fault, and on at each state after it, in milliseconds. */
const STRETCH_MS = 3000;
const RECOVERED_WITHIN_MS = 60_000;
const SETTINGS = { SECRET_HASHER: 'hmac-sha256' };

/** What happens to the primary, and how the machine comes back under load when another node leads. */
const FAULTS = {
  'planned switchover': { happen: (cluster) => cluster.switchOver() },
  'kill -9 of its machine': {
    happen: (cluster, name) => cluster.kill(name),
    end: (cluster, name) => cluster.revive(name),
  },
  'network cut, then healed': {
    happen: (cluster, name) => cluster.cut(name),
    end: (cluster, name) => cluster.heal(name),
  },
  'frozen; PostgreSQL wakes first': {
    happen: (cluster, name) => cluster.freeze(name),
    end: async (cluster, name) => {
      cluster.wakePostgres(name);
      await sleep(STRETCH_MS);
      cluster.wakePatroni(name);
    },
  },
  'kill -9 of Patroni alone': {
    happen: (cluster, name) => cluster.killPatroni(name),
    end: (cluster, name) => cluster.revive(name),
  },
};

/** How the service finds the primary. */
const ROUTES = {
  haproxy: (cluster) => cluster.url,
  'first writable host': (cluster) => cluster.firstWritableUrl(),
};

/** What is lost, accepted wrongly and left without an answer when the primary of a real cluster fails under load. */
export async function failoverSuite({ failovers, only, seed }) {
  const cluster = await PatroniCluster.start();
  let failed = true;
  try {
    const admin = createTenant(cluster.url, 'Bench');
    const atStandby = refusedStart(await cluster.standbyUrl());
    const load = { admin, failovers, random: seededRandom(seed) };
    const results = [];
    for (const [route, urlOf] of Object.entries(ROUTES)) {
      const faults = Object.keys(FAULTS).filter((fault) => isWanted(only, `${route}, ${fault}`));
      if (faults.length > 0) results.push(...(await runRoute(cluster, route, await urlOf(cluster), faults, load)));
    }
    failed = false;
    return { text: textOf(results, atStandby), figures: { results, atStandby, patroni: PATRONI_SECONDS } };
  } finally {
    await cluster.stop(failed);
  }
}

function runRoute(cluster, route, url, faults, { admin, failovers, random }) {
  return withService(url, SETTINGS, (one) =>
    withService(url, SETTINGS, async (other) => {
      const keys = new ChangingKeys([one.port, other.port], admin, random);
      const results = [];
      for (let round = 0; round < failovers; round += 1) {
        for (const fault of faults) {
          progress(`failover: ${route}, ${fault}`);
          const result = { route, fault, ...(await runRound(cluster, FAULTS[fault], keys)) };
          results.push(result);
          progress(rowOf(result).slice(1).join('  '));
        }
      }
      return results;
    }),
  );
}

async function runRound(cluster, { happen, end }, keys) {
  await cluster.whole();
  keys.start();
  if (!(await keys.areAnsweredAgain(RECOVERED_WITHIN_MS)))
    throw new Error('The service does not answer before a fault.');
  keys.forget();
  await sleep(STRETCH_MS);
  const old = await cluster.leader();
  await cluster.listLast(old);
  const begun = performance.now();
  await happen(cluster, old);
  await cluster.leaderOtherThan(old);
  const promotedAfter = (performance.now() - begun) / 1000;
  const isBack = await keys.areAnsweredAgain(RECOVERED_WITHIN_MS);
  await sleep(STRETCH_MS);
  await end?.(cluster, old);
  await sleep(STRETCH_MS);
  await keys.stop();
  const seen = keys.seen();
  cluster.rebuild(old);
  await cluster.whole();
  keys.start();
  await keys.areAnsweredAgain(RECOVERED_WITHIN_MS);
  await keys.stop();
  return { promotedAfter, isBack, ...seen, lost: await keys.lost() };
}

function textOf(results, atStandby) {
  const head = [
    'fail-over under load',
    'new primary after s',
    'no verification s',
    'no change s',
    '503',
    'p99 until it ms',
    'hung',
    'other faults',
    'created, revoked',
    'lost',
    'revoked keys accepted',
  ];
  return `${table(head, results.map(rowOf))}\n\nThe service, started with the address of a standby:\n${atStandby}`;
}

function rowOf(result) {
  return [
    `${result.route}: ${result.fault}`,
    result.promotedAfter.toFixed(1),
    result.gaps.verification.toFixed(1),
    `${result.gaps.change.toFixed(1)}${result.isBack ? '' : ', not back'}`,
    String(result.statuses[503] ?? 0),
    result.refusedAfter.toFixed(0),
    String(result.statuses.hangs ?? 0),
    String(otherFaults(result)),
    `${result.acknowledged.created}, ${result.acknowledged.revoked}`,
    `${result.lost.creations}, ${result.lost.revocations}`,
    `${result.staleAccepts.length} of ${result.staleAccepts.length + (result.statuses[401] ?? 0)}`,
  ];
}

/** Answers that no request should get, whatever happens to the database. */
function otherFaults({ statuses, refusedLive }) {
  const known = ['200', '201', '204', '401', '503', 'hangs'];
  const others = Object.entries(statuses).filter(([status]) => !known.includes(status));
  return others.reduce((sum, [, count]) => sum + count, refusedLive);
}

function isWanted(only, name) {
  return only === undefined || only.some((text) => name.includes(text));
}
