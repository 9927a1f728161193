import { ASSUMED, revocationTimes } from '../growth/lease-model.mjs';
import { serverLimits } from '../growth/server-limits.mjs';
import { progress } from '../report/progress.mjs';
import { table } from '../report/table.mjs';
import { percentile, seededRandom } from '../statistics.mjs';

/** Round trips to the primary in milliseconds: its own region, one across an ocean, one on the other side of the world. */
const REGIONS = { one: [0.5], three: [0.5, 80, 160] };
const SETUPS = [
  { name: '1 instance', instances: 1, regions: REGIONS.one, at: 0, hung: 0 },
  { name: '10 instances', instances: 10, regions: REGIONS.one, at: 0, hung: 0 },
  { name: '100 instances', instances: 100, regions: REGIONS.one, at: 0, hung: 0 },
  { name: "100 in 3 regions, from the primary's", instances: 100, regions: REGIONS.three, at: 0, hung: 0 },
  { name: '100 in 3 regions, from 80 ms away', instances: 100, regions: REGIONS.three, at: 1, hung: 0 },
  { name: '100 in 3 regions, from 160 ms away', instances: 100, regions: REGIONS.three, at: 2, hung: 0 },
  { name: '100 in 3 regions, one of them hangs', instances: 100, regions: REGIONS.three, at: 0, hung: 1 },
];
const FLEETS = [1, 10, 100];
/** Keys that an instance sees within a lease, pool and flush of an instance as shipped. */
const LOAD = { keysInUse: 1000, pool: 10, flushSeconds: 10 };
const LISTENERS = [0, 10, 100];

/** A model of revocations under leases, what a fleet asks of PostgreSQL, and what a PostgreSQL here takes of it. */
export async function growthSuite({ quick, seed }, databases) {
  const count = quick ? 200 : 20_000;
  const revocations = SETUPS.map((setup) => {
    const times = revocationTimes({ ...setup, count, random: seededRandom(seed) });
    return {
      name: setup.name,
      ...Object.fromEntries([50, 99, 99.9].map((p) => [`p${p}`, percentile(times, p / 100)])),
    };
  });
  const fleets = FLEETS.map(demandOf);
  const url = await databases.postgres();
  const limits = {};
  for (const listeners of LISTENERS) {
    progress(`growth: a PostgreSQL with ${listeners} listeners`);
    limits[listeners] = await serverLimits(url, listeners, quick ? 0.2 : 3);
  }
  const text = [revocationTable(revocations, count), fleetTable(fleets), limitTable(limits)].join('\n\n');
  return { text, figures: { assumed: ASSUMED, load: LOAD, revocations, fleets, limits } };
}

/** What so many instances ask of PostgreSQL a second, beside revocations. */
function demandOf(instances) {
  return {
    instances,
    connections: instances * (LOAD.pool + 1),
    renewals: (instances * 1000) / ASSUMED.renewEvery,
    rereads: (instances * LOAD.keysInUse * 1000) / ASSUMED.lease,
    lastUses: (instances * LOAD.keysInUse) / LOAD.flushSeconds,
    notifications: instances,
  };
}

function revocationTable(rows, count) {
  const head = [`MODEL: ms until a revocation is answered, of ${count}`, 'p50', 'p99', 'p99.9'];
  return table(
    head,
    rows.map(({ name, ...at }) => [name, ...Object.values(at).map((ms) => ms.toFixed(1))]),
  );
}

function fleetTable(rows) {
  const head = [
    `ARITHMETIC: ${LOAD.keysInUse} keys in use at each instance`,
    'connections',
    'renewals/s',
    'rows read again/s, at most',
    'last uses/s',
    'sessions a revocation wakes',
  ];
  return table(
    head,
    rows.map(({ instances, ...demand }) => [
      `${instances} instances`,
      ...Object.values(demand).map((value) => Math.round(value).toLocaleString('en')),
    ]),
  );
}

function limitTable(limits) {
  const names = Object.keys(Object.values(limits)[0]);
  return table(
    ['MEASURED: statements a second, 8 at a time', ...names],
    Object.entries(limits).map(([listeners, rates]) => [
      `${listeners} listeners`,
      ...names.map((name) => Math.round(rates[name]).toLocaleString('en')),
    ]),
  );
}
