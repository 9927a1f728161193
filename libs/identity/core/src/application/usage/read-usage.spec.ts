import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import type { UsageTotals } from '../ports/usage-counts.js';
import { MAX_USAGE_DAYS, MAX_USAGE_KEYS } from './read-usage.js';
import { NO_USAGE } from './usage-totals.js';

const DAY_MS = 86_400_000;
const instant = (text: string) => new Date(`2026-01-${text}.000Z`);

let identity: InMemoryIdentity;
let apiKey: ApiKey;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  ({ apiKey } = await identity.createOrganization.execute('Acme'));
});

const count = (startsAt: Date, totals: Partial<UsageTotals> = { accepted: 1 }) =>
  identity.usageCounts.add([
    { apiKeyId: apiKey.id, organizationId: apiKey.organizationId, startsAt, ...NO_USAGE, ...totals },
  ]);
const read = (request: Partial<Parameters<typeof identity.readUsage.execute>[1]> = {}) =>
  identity.readUsage.execute(apiKey.organizationId, {
    from: instant('01T12:34:56'),
    to: instant('03T12:34:56'),
    granularity: 'hour',
    ...request,
  });

describe('the usage of an organization', () => {
  it('is told in all, by buckets and by keys, which have their buckets where they are wanted', async () => {
    await count(instant('01T12:00:00'), { accepted: 3, refusedLimit: 1 });
    await count(instant('02T00:00:00'));
    const { totals, buckets, keys } = await read();
    expect(totals).toEqual({ ...NO_USAGE, accepted: 4, refusedLimit: 1 });
    expect(buckets.map(({ startsAt, accepted }) => [startsAt, accepted])).toEqual([
      [instant('01T12:00:00'), 3],
      [instant('02T00:00:00'), 1],
    ]);
    expect(keys).toEqual([{ apiKeyId: apiKey.id, ...totals }]);
    expect((await read({ byKey: true })).keys).toEqual([{ apiKeyId: apiKey.id, ...totals, buckets }]);
    expect((await read({ apiKeyIds: [] })).totals).toEqual(NO_USAGE);
    expect((await read({ apiKeyIds: [apiKey.id], byKey: true })).keys).toEqual([
      { apiKeyId: apiKey.id, ...totals, buckets },
    ]);
  });

  it.each([
    ['hour', '2026-01-01T12:00:00.000Z'],
    ['day', '2026-01-01T00:00:00.000Z'],
    ['month', '2026-01-01T00:00:00.000Z'],
  ] as const)('by the %s begins with the whole one in which the time begins', async (granularity, from) => {
    await count(instant('01T12:00:00'));
    const report = await read({ granularity });
    expect([report.from, report.totals.accepted]).toEqual([new Date(from), 1]);
  });

  it.each(['hour', 'day', 'month'] as const)(
    'by the %s is refused for no time and for too long a time',
    async (granularity) => {
      const from = instant('01T00:00:00');
      const until = (ms: number) => read({ from, to: new Date(from.getTime() + ms), granularity });
      const most = MAX_USAGE_DAYS[granularity] * DAY_MS;
      for (const ms of [0, -1, most + 1, Number.NaN]) await expect(until(ms)).rejects.toThrow(RangeError);
      await expect(until(most)).resolves.toBeDefined();
    },
  );

  it('is refused for too many keys', async () => {
    const apiKeyIds = Array<string>(MAX_USAGE_KEYS).fill(apiKey.id);
    await expect(read({ apiKeyIds })).resolves.toBeDefined();
    await expect(read({ apiKeyIds: [...apiKeyIds, apiKey.id] })).rejects.toThrow(RangeError);
  });

  it('is told to the operator for each organization, from the whole day on in which the time begins', async () => {
    await count(instant('01T01:00:00'));
    const period = { from: instant('01T12:34:56'), to: instant('03T00:00:00') };
    const { organizationId } = apiKey;
    expect(await identity.readUsage.ofOrganizations(period)).toEqual([{ organizationId, ...NO_USAGE, accepted: 1 }]);
  });
});

describe('the usage of the last 30 days', () => {
  it('is told with each key of a list and with a key that is found: today and the 29 days before', async () => {
    const { clock } = identity;
    const daysAgo = (days: number) => new Date(Math.floor(clock.now().getTime() / DAY_MS - days) * DAY_MS);
    await count(daysAgo(30), { accepted: 1000 });
    await count(daysAgo(29), { accepted: 1, refusedState: 10 });
    await count(daysAgo(0), { accepted: 2, refusedAddress: 20, refusedLimit: 30, refusedScope: 40 });
    const usage30d = { accepted: 3, refused: 100 };
    const { organizationId, id } = apiKey;
    const { first } = await identity.listApiKeys.execute(organizationId, { limit: 10, includeRevoked: false });
    expect(first).toMatchObject([{ id, usage30d }]);
    expect(await identity.findApiKey.execute(organizationId, id)).toMatchObject({ usage30d });
    const { last30Days } = await identity.hostApiKeys.usage({ organizationId, id });
    expect(last30Days).toEqual(usage30d);
  });

  it('is nothing for a key that was not used', async () => {
    const { first } = await identity.listApiKeys.execute(apiKey.organizationId, { limit: 10, includeRevoked: false });
    expect(first[0]?.usage30d).toEqual({ accepted: 0, refused: 0 });
  });
});
