import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';

const REQUESTS = 4000;
const PROCESSES = 3;
const LANES = 4;
const KEYS = 12;
const FLUSH_SECONDS = 1;
const SETTINGS = {
  SECRET_HASHER: 'hmac-sha256',
  ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0',
  FAILED_AUTHENTICATIONS_PER_MINUTE: '0',
  LAST_USED_FLUSH_SECONDS: String(FLUSH_SECONDS),
};
const COLUMNS = ['accepted', 'refused_scope', 'refused_state'] as const;

/** What the clients were answered, or what is stored, by the id of the key. */
type Totals = Record<string, number[]>;

async function storedTotals({ database }: Installation, table: string): Promise<Totals> {
  const sums = COLUMNS.map((column) => `SUM(${column}) AS ${column}`).join(', ');
  const rows = await database.query(`SELECT api_key_id, ${sums} FROM ${table} GROUP BY api_key_id`);
  const totals: Totals = {};
  for (const row of rows) totals[String(row['api_key_id'])] = COLUMNS.map((column) => Number(row[column]));
  return totals;
}

it('counts each request of three processes once, by what became of it, though one of them is stopped meanwhile', async () => {
  const installation = await Installation.create('postgres');
  const services: Service[] = [];
  for (let n = 0; n < PROCESSES; n += 1) services.push(await installation.start(SETTINGS));
  const [first, , stopped] = services as [Service, Service, Service];
  const owner = services.flatMap(({ printedKeys }) => printedKeys)[0] ?? '';
  const keys: CreatedKey[] = [];
  for (let n = 0; n < KEYS; n += 1) {
    const { body } = await first.create(owner, { name: `Key ${n}`, scopes: ['orders:read'] });
    keys.push(body as CreatedKey);
  }
  for (const key of keys.slice(0, 2)) await first.revoke(owner, key.id);

  const answered: Totals = Object.fromEntries(keys.map(({ id }) => [id, COLUMNS.map(() => 0)]));
  let sent = 0;
  const lane = async (service: Service): Promise<void> => {
    while (sent < REQUESTS) {
      sent += 1;
      const { id, plain_text_key: key } = keys[sent % KEYS]!;
      const path = sent % 7 === 0 ? '/v1/identity/api-keys' : '/v1/identity/whoami';
      // The one that is stopped takes no more of them; those that it has taken it answers.
      const answer = await service.send(path, { headers: { 'x-api-key': key } }).catch(() => undefined);
      if (answer === undefined) return;
      const outcome = [200, 403, 401].indexOf(answer.status);
      expect(outcome).not.toBe(-1);
      answered[id]![outcome]! += 1;
    }
  };
  const lanes = services.flatMap((service) => Array.from({ length: LANES }, () => lane(service)));
  while (sent < REQUESTS / 2) await sleep(10);
  expect(await stopped.stop()).toMatchObject({ status: 0 });
  await Promise.all(lanes);
  for (const service of services.slice(0, 2)) expect(await service.stop()).toMatchObject({ status: 0 });

  expect(
    Object.values(answered)
      .flat()
      .reduce((sum, count) => sum + count, 0),
  ).toBeGreaterThan(REQUESTS - LANES - 1);
  for (const table of ['api_key_usage_hours', 'api_key_usage_days']) {
    const stored = await storedTotals(installation, table);
    expect(Object.fromEntries(keys.map(({ id }) => [id, stored[id]]))).toEqual(answered);
  }
}, 300_000);

describe.each(DATABASES)('a kill -9 on %s', (database) => {
  it('loses no more than was counted since the last flush, and counts nothing twice', async () => {
    const installation = await Installation.create(database);
    const service = await installation.start(SETTINGS);
    const key = await service.newKey(service.firstKey);
    const answeredAt: number[] = [];
    const end = performance.now() + 4 * FLUSH_SECONDS * 1000;
    while (performance.now() < end) {
      expect((await service.whoami(key.plain_text_key)).status).toBe(200);
      answeredAt.push(performance.now());
      await sleep(5);
    }
    const killedAt = performance.now();
    await service.kill();
    const stored = (await storedTotals(installation, 'api_key_usage_hours'))[key.id]?.[0] ?? 0;
    // On a busy machine a flush may be late by as much as it takes.
    const certain = answeredAt.filter((at) => at < killedAt - 2 * FLUSH_SECONDS * 1000).length;
    expect(stored).toBeGreaterThanOrEqual(certain);
    expect(certain).toBeGreaterThan(0);
    expect(stored).toBeLessThanOrEqual(answeredAt.length);
    expect(await storedTotals(installation, 'api_key_usage_days')).toEqual(
      await storedTotals(installation, 'api_key_usage_hours'),
    );
    await installation.start(SETTINGS);
  });
});
