import { tokenAt } from '../keys.mjs';
import { AS_SHIPPED } from '../ours.mjs';
import { withService } from '../process/service-process.mjs';
import { table } from '../report/table.mjs';
import { WHOAMI } from '../variants/paths.mjs';
import { growth } from './counter-growth.mjs';
import { withGenerators } from './generators.mjs';

const PROBE_RATE = 200;
const COLD_KEYS = 15;

/** F6 and the floods of F3, F4 and F5: name, kind of key, requests a second, and what the catalogue allows. */
const FLOODS = [
  ['no flood (F6: p99 up to 5)', null, 0],
  ['wrong checksum, 1,000 rps (F3: p99 +5)', 'checksum', 1000],
  ['unknown id, 1,000 rps (F4: p99 +10)', 'unknown', 1000],
  ['known id, wrong secret, 300 rps (F5: p99 25, cold 150)', 'forged', 300],
];

/** Floods that reach the checks: the throttle of failures is off. */
export function floods(database, options, databases) {
  return floodsWith({}, 'no throttle', database, options, databases);
}

/** Floods at the service as shipped: its throttle answers 429 to most of them. */
export function throttledFloods(database, options, databases) {
  return floodsWith(AS_SHIPPED, 'throttled', database, options, databases);
}

/** A valid key at 200 rps and 15 keys never used before, with and without forged keys from the same address. */
async function floodsWith(extra, label, database, { quick, keys }, databases) {
  const seconds = quick ? 1 : 15;
  const { url } = await databases.withKeys(database, keys[1] > 100 ? keys[1] : keys[2]);
  const runs = [];
  for (const [name, kind, rate] of FLOODS) {
    runs.push({ name, ...(await withService(url, extra, (service) => flooded(service, kind, rate, seconds))) });
  }
  const head = [
    `whoami at ${PROBE_RATE} rps on ${database}, ${label}, ms`,
    'p50',
    'p99',
    'worst',
    'lost',
    'cold',
    'worst cold',
  ];
  const lines = runs.map(({ name, counters }) => `  ${name}: ${counters}`);
  return { text: `${table(head, runs.map(row))}\ncounters during the flood:\n${lines.join('\n')}`, runs };
}

function flooded(service, kind, rate, seconds) {
  const { port } = service;
  const key = tokenAt(0);
  return withGenerators(3, async (prober, flooder, cold) => {
    const atRate = (generator, traffic, perSecond, time = seconds) =>
      generator.ask('atRate', { port, path: WHOAMI, traffic, rate: perSecond, seconds: time });
    await atRate(prober, { kind: 'same', key }, PROBE_RATE, Math.min(3, seconds));
    const before = await service.counters();
    const flood = kind === null ? null : atRate(flooder, { kind, key, first: 0 }, rate);
    // Even ones carry a bcrypt hash: a service that runs it for a first use shows here.
    const firsts = atRate(cold, { kind: 'cold', first: 10, stride: 2, offset: 0 }, COLD_KEYS / seconds);
    const probe = await atRate(prober, { kind: 'same', key }, PROBE_RATE);
    const result = { probe, flood: await flood, cold: await firsts };
    return { ...result, counters: growth(before, await service.counters()) };
  });
}

function row({ name, probe, flood, cold }) {
  const ms = (value) => value.toFixed(1);
  const lost = probe.sent - (probe.statuses[200] ?? 0);
  const refused = flood === null ? '' : ` [flood: ${JSON.stringify(flood.statuses)}]`;
  const answered = `${cold.statuses[200] ?? 0}/${cold.sent}`;
  return [name + refused, ms(probe.p50), ms(probe.p99), ms(probe.worst), String(lost), answered, ms(cold.worst)];
}
