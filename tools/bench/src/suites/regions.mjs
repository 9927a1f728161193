import pg from 'pg';
import { REPLICATION, ReplicatedPair } from '../cluster/replicated-pair.mjs';
import { createTenant, withService } from '../process/service-process.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile } from '../statistics.mjs';

/** Each way, in milliseconds: half of a round trip over an ocean. */
const DELAY_MS = 40;
const KEYS = '/v1/identity/api-keys';
const WHOAMI = '/v1/identity/whoami';
const SETTINGS = { SECRET_HASHER: 'hmac-sha256' };
const REVOCATIONS = { full: 200, quick: 3 };
/** Keys that the other region looks up, and how often each when it is warm. */
const LOOKED_UP = { full: 50, quick: 2 };
const WARM_LOOKS = 4;
/** The row of a key as a verification at a replica would look at it. */
const AT_REPLICA = 'SELECT revoked_at IS NOT NULL AS revoked FROM api_keys WHERE id = $1';

/** Settings of the service in both regions, beside the primary over the wire. */
const WAYS = { strict: { CREDENTIAL_LEASES: 'off' }, leases: { CREDENTIAL_LEASES: 'on' } };

/** What a second region costs: the service over the wire to the primary, and look-ups at a replica beside it. */
export async function regionsSuite({ quick }) {
  const size = quick ? 'quick' : 'full';
  const pair = await ReplicatedPair.start(DELAY_MS);
  try {
    const admin = createTenant(pair.nearUrl, 'Bench');
    const figures = { replicas: {}, services: {} };
    for (const [name, settings] of Object.entries(REPLICATION)) {
      progress(`regions: a replica, ${name}`);
      await pair.replicate(settings);
      figures.replicas[name] = await withService(pair.nearUrl, SETTINGS, (near) =>
        atReplica(pair, client(near, admin), REVOCATIONS[size]),
      );
    }
    await pair.replicate(REPLICATION.asynchronous);
    for (const [name, extra] of Object.entries(WAYS)) {
      progress(`regions: the primary over the wire, ${name}`);
      const settings = { ...SETTINGS, ...extra };
      figures.services[name] = await withService(pair.nearUrl, settings, (near) =>
        withService(pair.wireUrl, settings, (far) =>
          overTheWire(pair, client(near, admin), client(far, admin), LOOKED_UP[size]),
        ),
      );
    }
    return { text: textOf(figures), figures: { delayMs: DELAY_MS, ...figures } };
  } finally {
    await pair.stop();
  }
}

/** Revocations in the region of the primary, and what a replica in the other says right after each 204. */
async function atReplica(pair, service, count) {
  const replica = new pg.Client({ connectionString: pair.farUrl });
  await replica.connect();
  const look = ({ id }) => replica.query({ name: 'look', text: AT_REPLICA, values: [id] });
  const seen = { revocation: [], look: [], stale: 0 };
  try {
    for (let round = 0; round < count; round += 1) {
      const key = await service.create();
      seen.revocation.push(await timed(() => service.revoke(key)));
      let isRevoked;
      seen.look.push(
        await timed(async () => {
          isRevoked = (await look(key)).rows[0]?.revoked;
        }),
      );
      if (isRevoked !== true) seen.stale += 1;
    }
    const key = await service.create();
    await replica.query('SELECT pg_wal_replay_pause()');
    const whileBehind = await ended(service, key);
    whileBehind.isStale = whileBehind.status === 204 && (await look(key)).rows[0]?.revoked !== true;
    await replica.query('SELECT pg_wal_replay_resume()');
    const other = await service.create();
    await pair.cut();
    const whileCut = await ended(service, other);
    await pair.heal();
    return { ...seen, whileBehind, whileCut };
  } finally {
    await replica.end();
  }
}

/** What a revocation comes to, and after how many milliseconds. */
async function ended(service, key) {
  const begun = performance.now();
  const status = await service.end(key);
  return { status, ms: performance.now() - begun };
}

/** Verifications and revocations of a service that is far from the primary. */
async function overTheWire(pair, near, far, count) {
  const keys = [];
  for (let made = 0; made < count; made += 1) keys.push(await near.create());
  const seen = { cold: [], warm: [], near: [], far: [], stale: 0, unavailable: 0 };
  for (const key of keys) {
    await seeTime(seen, 'cold', () => far.verify(key));
    for (let look = 0; look < WARM_LOOKS; look += 1) await seeTime(seen, 'warm', () => far.verify(key));
  }
  for (const [index, key] of keys.entries()) {
    const [region, name] = index % 2 === 0 ? [near, 'near'] : [far, 'far'];
    if (!(await seeTime(seen, name, () => region.revoke(key)))) continue;
    const statuses = await Promise.all([near.statusOf(key), far.statusOf(key)]);
    if (statuses.includes(200)) seen.stale += 1;
  }
  const key = await near.create();
  await seeTime(seen, 'cold', () => far.verify(key));
  await pair.cut();
  const whileCut = await ended(near, key);
  await pair.heal();
  return { ...seen, whileCut };
}

/** Records how long a request took. False for one that a busy machine was too slow for. */
async function seeTime(seen, name, work) {
  try {
    seen[name].push(await timed(work));
    return true;
  } catch (error) {
    if (error.status !== 503) throw error;
    seen.unavailable += 1;
    return false;
  }
}

/** What the suite asks of a service. */
function client({ port }, admin) {
  const send = (path, key, options = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...options, headers: { 'x-api-key': key, ...options.headers } });
  const statusOf = async ({ token }) => {
    const answer = await send(WHOAMI, token);
    await answer.text();
    return answer.status;
  };
  const end = async ({ id }) => {
    const answer = await send(`${KEYS}/${id}`, admin, { method: 'DELETE' });
    await answer.text();
    return answer.status;
  };
  const expect = (wanted, status) => {
    if (status === wanted) return;
    throw Object.assign(new Error(`The service answered ${status} instead of ${wanted}.`), { status });
  };
  return {
    statusOf,
    end,
    verify: async (key) => expect(200, await statusOf(key)),
    revoke: async (key) => expect(204, await end(key)),
    create: async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await send(KEYS, admin, { method: 'POST', headers, body: '{"name":"CI"}' });
      expect(201, answer.status);
      const { id, plain_text_key: token } = await answer.json();
      return { id, token };
    },
  };
}

async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function textOf({ replicas, services }) {
  const ms = (values) => `${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.99).toFixed(1)}`;
  const head = [
    `look-ups ${DELAY_MS} ms away from the primary, ms p50 / p99`,
    'cold',
    'warm',
    'revocation near',
    'revocation far',
    'stale after 204',
    'while it replays nothing',
    'while the regions are cut',
  ];
  const told = ({ status, ms, isStale }) => `${status} after ${ms.toFixed(0)}${isStale === true ? ', stale' : ''}`;
  const rows = Object.entries(replicas).map(([name, { look, revocation, stale, whileBehind, whileCut }]) => [
    `replica, ${name}`,
    ms(look),
    ms(look),
    ms(revocation),
    '',
    `${stale} of ${revocation.length}`,
    told(whileBehind),
    told(whileCut),
  ]);
  for (const [name, { cold, warm, near, far, stale, unavailable, whileCut }] of Object.entries(services)) {
    rows.push([
      `primary over the wire, ${name}`,
      ...[cold, warm, near, far].map(ms),
      `${stale} of ${near.length + far.length}${unavailable === 0 ? '' : `, and ${unavailable} x 503`}`,
      '',
      told(whileCut),
    ]);
  }
  return table(head, rows);
}
