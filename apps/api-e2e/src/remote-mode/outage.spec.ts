import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Exchange, GuardedApp } from '../support/guarded-app.js';
import { eventually } from '../support/eventually.js';
import { Installation, WITHOUT_BCRYPT } from '../support/installation.js';
import type { Service } from '../support/service.js';
import { Lanes } from './lanes.js';
import { OUTAGES } from './outages.js';

const DEADLINE_MS = 2000;
const STALENESS_MS = 500;
const OPEN_AGAIN_MS = 1000;
/** What a busy machine may add to the answer of a request. */
const BUSY_MS = 3000;
const KEYS = 10;
const BURST = 20;
/** A timer may fire a millisecond early. */
const EARLY_MS = 2;

const guardOptions = ({ url }: Pick<Service, 'url'>, apiKey: string) => ({
  baseUrl: url,
  apiKey,
  maxStalenessSeconds: STALENESS_MS / 1000,
  deadlineSeconds: DEADLINE_MS / 1000,
});

async function start() {
  const installation = await Installation.create('sqlite', WITHOUT_BCRYPT);
  const service = await installation.start();
  const owner = service.firstKey;
  const keys = [];
  for (let made = 0; made < KEYS; made += 1) keys.push((await service.newKey(owner)).plain_text_key);
  return { installation, service, owner, keys };
}

/** Everything else a request may be answered would open a door or be a fault. */
function expectVerdictOr503(exchanges: readonly Exchange[]): void {
  const count = (wanted: number) => exchanges.filter(({ status }) => status === wanted).length;
  expect({ open: count(200) > 0, closed: count(503) > 0, rest: exchanges.length - count(200) - count(503) }).toEqual({
    open: true,
    closed: true,
    rest: 0,
  });
}

const longestMs = (exchanges: readonly Exchange[]) => Math.max(...exchanges.map(({ begun, ended }) => ended - begun));
const statuses = (exchanges: readonly Exchange[]) => [...new Set(exchanges.map(({ status }) => status))];

describe.each(OUTAGES)('an application whose service $what', ({ go }) => {
  it('is closed within the deadline, with many requests in flight, and open within 1 s of its return', async () => {
    const { installation, service, owner, keys } = await start();
    const app = await installation.startGuarded(guardOptions(service, owner));
    expect(await app.ask(keys[0] ?? '')).toMatchObject({ status: 200 });
    const lanes = new Lanes(app, keys);
    await sleep(STALENESS_MS + EARLY_MS);
    const inFlight = lanes.burst(keys, BURST);
    const comeBack = await go(service, installation);
    const gone = performance.now();
    await inFlight;
    const inOutage = () => lanes.exchanges.filter(({ begun }) => begun >= gone + STALENESS_MS);
    await eventually(async () => inOutage().length > 2 * KEYS);
    const closed = inOutage();
    await comeBack();
    const returned = performance.now();
    await sleep(OPEN_AGAIN_MS + EARLY_MS);
    await lanes.burst(keys, BURST);
    const exchanges = await lanes.end();

    expectVerdictOr503(exchanges);
    expect(longestMs(exchanges)).toBeLessThan(DEADLINE_MS + BUSY_MS);
    expect(statuses(closed)).toEqual([503]);
    const afterwards = exchanges.filter(({ begun }) => begun >= returned + OPEN_AGAIN_MS);
    expect([afterwards.length >= KEYS * BURST, statuses(afterwards)]).toEqual([true, [200]]);
    expectOneTrouble(app);
  });
});

/** The log tells of an outage once, however many requests it met, and of its end. */
function expectOneTrouble({ output }: GuardedApp): void {
  expect(output.match(/Requests whose key is not in the cache get 503 until it answers\./g)).toHaveLength(1);
  expect(output.match(/The identity service answers again\./g)).toHaveLength(1);
  expect(output).not.toContain('fth_live_');
}

it('an application that starts before its service is closed, and open within 1 s of its start', async () => {
  const { installation, service, owner, keys } = await start();
  await service.stop();
  const app = await installation.startGuarded(guardOptions(service, owner));
  const refused = await Promise.all(keys.map((key) => app.ask(key)));
  expect(statuses(refused)).toEqual([503]);
  expect(longestMs(refused)).toBeLessThan(DEADLINE_MS + BUSY_MS);
  await installation.start({ PORT: new URL(service.url).port });
  await sleep(OPEN_AGAIN_MS + EARLY_MS);
  expect(statuses(await Promise.all(keys.map((key) => app.ask(key))))).toEqual([200]);
});
