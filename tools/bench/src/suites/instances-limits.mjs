import { fileURLToPath } from 'node:url';
import { withClient } from '../instances/client.mjs';
import { withCluster } from '../instances/cluster.mjs';
import { DatabaseProxy } from '../instances/database-proxy.mjs';
import { INSTANCES } from '../instances/changing.mjs';
import { tokenAt } from '../keys.mjs';
import { createTenant } from '../process/service-process.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { WHOAMI } from '../variants/paths.mjs';

const PROBER = fileURLToPath(new URL('../limit-prober.mjs', import.meta.url));
const SKEWED_CLOCK = new URL('../instances/skewed-clock.mjs', import.meta.url).href;
/** The clocks of the instances. Beyond a minute the service takes the time from the database. */
const SKEWS_MS = [59_000, -59_000, 0];
const DOWN_MS = 3000;
/** A metric of builds that know the store: others ignore the setting. */
const STORE_METRIC = 'feather_rate_limit_store_reachable';
/** On a busy machine a store needs longer than the default; what is measured here is how exactly it counts. */
const STORE_TIMEOUT_MS = 1000;
const MINUTE = 60;

/**
 * Each limit: how many in how many seconds, what is sent a second to each instance, which is more than it admits alone, and
 * the status of what passes. All of it together is little: a queue would blur the windows.
 */
function limitsOf(quick) {
  const perMinute = (count) => (quick ? count / 5 : count);
  return {
    'rate limit of a key': { count: 30, seconds: 10, rate: 5, passes: '200' },
    'quota of a key': { count: perMinute(100), seconds: Infinity, rate: 3, passes: '200' },
    'limit of an organization': { count: perMinute(300), seconds: MINUTE, rate: 8, passes: '200' },
    'wrong keys of an address': { count: perMinute(100), seconds: MINUTE, rate: 3, passes: '401' },
  };
}

/**
 * How many requests each limit admits while the clocks of the instances differ and one is killed and started again; with
 * a store for limits, also while the store is silent.
 */
export async function limitsOverInstances({ quick, limitStore }, databases) {
  const seconds = quick ? 15 : 75;
  const limits = limitsOf(quick);
  const { url } = await databases.newWithKeys('postgres', 'limits', 1);
  const tenant = createTenant(url, 'Another tenant');
  const store = limitStore === undefined ? null : await DatabaseProxy.open(limitStore);
  const settingsOf = (number) => ({
    SECRET_HASHER: 'hmac-sha256',
    ORGANIZATION_RATE_LIMIT_PER_MINUTE: String(limits['limit of an organization'].count),
    FAILED_AUTHENTICATIONS_PER_MINUTE: String(limits['wrong keys of an address'].count),
    NODE_OPTIONS: `--import=${SKEWED_CLOCK}`,
    CLOCK_SKEW_MS: String(SKEWS_MS[number]),
    ...(store === null ? {} : { RATE_LIMIT_STORE: store.url, RATE_LIMIT_STORE_TIMEOUT_MS: String(STORE_TIMEOUT_MS) }),
  });
  const cluster = { url, count: INSTANCES, settingsOf, folder: databases.folder };
  try {
    const phases = await withCluster(cluster, (instances) =>
      withClient(PROBER, instances, async (prober) => {
        if (store !== null && !(await instances[0].service.counters()).has(STORE_METRIC))
          throw new Error('This build has no store for limits.');
        const streams = await streamsOf(limits, instances[0].port, tenant);
        const probe = (name) => {
          progress(`${seconds} s: ${name}`);
          return prober.ask('probe', { streams, path: WHOAMI, seconds });
        };
        const killAndRestart = async () => {
          await later((seconds * 1000) / 2);
          await instances[2].end('SIGKILL');
          await later(DOWN_MS);
          await instances[2].start();
        };
        const [killed] = await Promise.all([probe('clocks a minute off, one instance killed'), killAndRestart()]);
        if (store === null) return { killed };
        store.silence(['queries', 'answers']);
        const silent = await probe('the store of the limits silent');
        store.silence([]);
        return { killed, 'store silent': silent };
      }),
    );
    const head = [`limits, ${INSTANCES} instances, ${limitStore === undefined ? 'no store' : 'a store'}`, ...HEAD];
    const rows = Object.entries(phases).flatMap(([phase, results]) =>
      Object.entries(limits).map(([name, limit]) => row(`${name}; ${phase}`, limit, results[name])),
    );
    return { text: table(head, rows), limits, phases };
  } finally {
    await store?.close();
  }
}

const HEAD = ['limit', 'sent', 'admitted in the fullest window', 'of the limit', '5xx', 'cut or silent'];

function row(name, { count, seconds, passes }, { outcomes, answers }) {
  const admitted = fullestWindow(
    answers.filter(({ outcome }) => outcome === passes),
    seconds * 1000,
  );
  const sumOf = (fits) =>
    Object.entries(outcomes).reduce((sum, [outcome, times]) => (fits(outcome) ? sum + times : sum), 0);
  return [
    name,
    seconds === Infinity ? String(count) : `${count} in ${seconds} s`,
    String(answers.length),
    String(admitted),
    (admitted / count).toFixed(2),
    String(sumOf((outcome) => outcome.startsWith('5'))),
    String(sumOf((outcome) => outcome === 'cut' || outcome === 'silent')),
  ];
}

/** The most requests that began and ended within one window of that length: they were admitted in it for certain. */
function fullestWindow(answers, length) {
  let most = 0;
  for (const { begun: from } of answers) {
    const within = answers.filter(({ begun, ended }) => begun >= from && ended <= from + length);
    most = Math.max(most, within.length);
  }
  return most;
}

/** Makes the keys that are limited, and says what is sent for each limit. */
async function streamsOf(limits, port, tenant) {
  const [perKey, quota] = [limits['rate limit of a key'], limits['quota of a key']];
  const limited = await createKey(port, { rate_limit: { requests: perKey.count, seconds: perKey.seconds } });
  const counted = await createKey(port, { quota: { requests: quota.count, period: 'month' } });
  const traffic = {
    'rate limit of a key': { kind: 'same', key: limited },
    'quota of a key': { kind: 'same', key: counted },
    'limit of an organization': { kind: 'same', key: tenant },
    'wrong keys of an address': { kind: 'unknown', first: 0 },
  };
  return Object.entries(limits).map(([name, { rate }]) => ({ name, rate, traffic: traffic[name] }));
}

async function createKey(port, limit) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/identity/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': tokenAt(0), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'limited', ...limit }),
  });
  if (response.status !== 201) throw new Error(`POST api-keys answered ${response.status}.`);
  return (await response.json()).plain_text_key;
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
