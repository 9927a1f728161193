import { beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../domain/actor.js';
import type { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import type { RevokeUnusedApiKeys } from './revoke-unused-api-keys.js';

const DAY_MS = 86_400_000;
/** Uses that other instances may still write. */
const UNWRITTEN_MS = 3_600_000;
const AFTER_DAYS = 90;

let identity: InMemoryIdentity;
let tenant: Tenant;
let job: RevokeUnusedApiKeys;

beforeEach(async () => {
  tenant = await Tenant.create();
  tenant.setPolicy({ revokeUnusedAfterDays: AFTER_DAYS });
  ({ identity } = tenant);
  identity.observations.observeAlways();
  job = identity.revokeUnusedApiKeys;
});

async function issue(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await tenant.issue();
}

async function use(...tokens: string[]): Promise<void> {
  for (const token of tokens) await identity.verifyApiKey.execute(token);
  await identity.writeBehind.flush();
}

describe('keys that nobody uses', () => {
  it('are revoked when the time that the policy says is over, and recorded as done by the system', async () => {
    const { apiKey } = await tenant.issue();
    identity.clock.advance(1);
    await use(tenant.owner.token);
    identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS - 1);
    expect(await job.execute()).toBe(0);
    identity.clock.advance(1);
    expect(await job.execute()).toBe(1);
    expect((await tenant.stored(apiKey)).revokedAt).toEqual(tenant.in(0));
    expect(await tenant.events('api_key.revoked')).toMatchObject([
      { apiKeyId: apiKey.id, actor: SYSTEM, changes: { unused_for_days: AFTER_DAYS }, occurredAt: tenant.in(0) },
    ]);
  });

  it('are left alone where the policy does not say so', async () => {
    const theirs = await Tenant.create(identity);
    identity.clock.advance(1000 * DAY_MS);
    expect(await job.execute()).toBe(1);
    expect((await theirs.stored(theirs.owner.apiKey)).revokedAt).toBeNull();
  });

  it('are counted from their last use, or their creation, to the millisecond', async () => {
    const used = await tenant.issue();
    await use(used.token, tenant.owner.token);
    identity.clock.advance(1);
    const created = await tenant.issue();
    await use(tenant.owner.token);
    const states = async () => {
      const keys = [used, created, tenant.owner].map(({ apiKey }) => tenant.stored(apiKey));
      return (await Promise.all(keys)).map(({ revokedAt }) => revokedAt !== null);
    };
    identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS);
    await job.execute();
    expect(await states()).toEqual([true, false, false]);
    identity.clock.advance(1);
    await job.execute();
    expect(await states()).toEqual([true, true, true]);
  });

  it('are all revoked, however many they are', async () => {
    await issue(249);
    identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS + 1);
    expect(await job.execute()).toBe(250);
    expect(await tenant.events('api_key.revoked')).toHaveLength(250);
  });

  it('are spared when they are used after they were found', async () => {
    identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS + 1);
    const { apiKeys } = identity;
    const findUnused = apiKeys.findUnused.bind(apiKeys);
    apiKeys.findUnused = async (...asked) => {
      const found = await findUnused(...asked);
      await use(tenant.owner.token);
      return found;
    };
    expect(await job.execute()).toBe(0);
    expect(await tenant.events('api_key.revoked')).toEqual([]);
    await expect(tenant.grantor()).resolves.toBeDefined();
  });
});

it('a batch of keys that cannot be revoked ends the job, instead of being found for ever', async () => {
  await issue(99);
  identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS + 1);
  identity.apiKeys.revokeUnused = async () => null;
  expect(await job.execute()).toBe(0);
});

describe('time in which nobody wrote uses', () => {
  /** Lets time pass in which an instance writes uses every hour. */
  async function observe(milliseconds: number): Promise<void> {
    await identity.writeBehind.flush();
    for (let left = milliseconds; left > 0; left -= UNWRITTEN_MS) {
      identity.clock.advance(Math.min(left, UNWRITTEN_MS));
      await identity.writeBehind.flush();
    }
  }

  beforeEach(() => {
    identity.observations.stretches = [];
  });

  it('is not counted: a clock jumps ahead, or a backup from long ago is restored', async () => {
    await observe(10 * DAY_MS);
    identity.clock.advance(1000 * DAY_MS);
    expect(await job.execute()).toBe(0);
    // The time that was observed before counts.
    await observe((AFTER_DAYS - 10) * DAY_MS + UNWRITTEN_MS);
    expect(await job.execute()).toBe(0);
    await observe(UNWRITTEN_MS);
    expect(await job.execute()).toBe(1);
  });

  it('is not counted where a clock that had jumped ahead is put back', async () => {
    await observe(10 * DAY_MS);
    const right = identity.clock.now();
    identity.clock.advance(1000 * DAY_MS);
    await observe(DAY_MS);
    expect(await job.execute()).toBe(0);
    identity.clock.set(right);
    await observe(80 * DAY_MS);
    expect(await job.execute()).toBe(0);
    await observe(2 * UNWRITTEN_MS);
    expect(await job.execute()).toBe(1);
  });

  it('ends the job where the clocks of the machine and the store are more than a minute apart', async () => {
    identity.observations.observeAlways();
    identity.clock.advance(1000 * DAY_MS);
    for (const [ahead, told] of [
      [60_001, '60 seconds ahead of'],
      [-3_600_000, '3600 seconds behind'],
    ] as const) {
      identity.clock.compare = () => Promise.resolve(ahead);
      await expect(job.execute()).rejects.toThrow(`The clock of this machine is ${told} the database's`);
      await expect(job.preview()).rejects.toThrow(told);
    }
    identity.clock.compare = () => Promise.resolve(-60_000);
    expect(await job.execute()).toBe(1);
  });
});

describe('a preview', () => {
  it('says what would be revoked, and revokes nothing', async () => {
    await Tenant.create(identity);
    const { organization, owner } = tenant;
    const unused = { organizationId: organization.id, days: AFTER_DAYS };
    identity.clock.advance(AFTER_DAYS * DAY_MS + UNWRITTEN_MS + 1);
    const since = tenant.in(-AFTER_DAYS * DAY_MS - UNWRITTEN_MS);
    expect(await job.preview()).toEqual([{ ...unused, since, apiKeyIds: [owner.apiKey.id] }]);
    identity.observations.stretches = [];
    expect(await job.preview()).toEqual([{ ...unused, since: null, apiKeyIds: [] }]);
    expect(await tenant.events('api_key.revoked')).toEqual([]);
  });
});
