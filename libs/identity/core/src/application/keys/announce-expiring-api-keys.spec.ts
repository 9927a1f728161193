import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/actor.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import { AnnounceExpiringApiKeys, type KeyExpiryNotice } from './announce-expiring-api-keys.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let identity: InMemoryIdentity;
let tenant: Tenant;
let announced: string[];

beforeEach(async () => {
  identity = new InMemoryIdentity();
  tenant = await Tenant.create(identity);
  announced = [];
});

const note = ({ apiKey, days }: KeyExpiryNotice) => void announced.push(`${apiKey.name} ${days}`);
const run = (job: AnnounceExpiringApiKeys = identity.announceExpiringApiKeys) => job.execute(note);
const issue = (name: string, days: number) => tenant.issue({ name, expiresAt: tenant.in(days * DAY_MS) });

it('a key is announced 30, 7 and 1 days before its end, each once however often the job runs', async () => {
  await issue('deploy', 31);
  for (let hours = 0; hours < 32 * 24; hours += 1) {
    await run();
    identity.clock.advance(HOUR_MS);
  }
  expect(announced).toEqual(['deploy 30', 'deploy 7', 'deploy 1']);
});

it('what was missed is made up for by one notice, that of the fewest days', async () => {
  await issue('deploy', 31);
  identity.clock.advance(25 * DAY_MS);
  expect(await run()).toBe(1);
  expect(await run()).toBe(0);
  identity.clock.advance(7 * DAY_MS);
  expect(await run()).toBe(0);
  expect(announced).toEqual(['deploy 7']);
});

it('more keys than one batch has are all announced', async () => {
  for (let i = 0; i < 50; i += 1) await issue(`key ${i}`, 40);
  identity.clock.advance(20 * DAY_MS);
  expect(await run()).toBe(50);
  expect(new Set(announced).size).toBe(50);
});

it('a key that was extended is announced again for its new end', async () => {
  const { apiKey } = await issue('deploy', 31);
  identity.clock.advance(25 * DAY_MS);
  await run();
  await identity.updateApiKey.execute(await tenant.grantor(), apiKey.id, { expiresAt: tenant.in(20 * DAY_MS) });
  await run();
  await run();
  expect(announced).toEqual(['deploy 7', 'deploy 30']);
});

it('another instance announces nothing while one has the lease, and nothing twice after it', async () => {
  await issue('deploy', 31);
  identity.clock.advance(2 * DAY_MS);
  await run();
  const other = new AnnounceExpiringApiKeys(identity);
  await issue('late', 30.5);
  identity.clock.advance(DAY_MS);
  await identity.leases.acquire('announce-expiring-api-keys', 'a third', tenant.in(0), tenant.in(1000));
  expect(await run(other)).toBe(0);
  identity.clock.advance(1000);
  expect(await run(other)).toBe(1);
  expect(announced).toEqual(['deploy 30', 'late 30']);
});

describe('a notice that is not taken', () => {
  it('is made again after an hour, at most 5 times, and holds up no other', async () => {
    const { apiKey } = await issue('refused', 31);
    await issue('taken', 31);
    identity.clock.advance(2 * DAY_MS);
    const failures: boolean[] = [];
    const attempt = () =>
      identity.announceExpiringApiKeys.execute(
        async (notice) => {
          if (notice.apiKey.id === apiKey.id) throw new Error('no mail');
          note(notice);
        },
        ({ notice, error, isRepeated }) => {
          expect([notice.apiKey.id, notice.days, error]).toEqual([apiKey.id, 30, new Error('no mail')]);
          failures.push(isRepeated);
        },
      );
    for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
      await attempt();
      identity.clock.advance(HOUR_MS / 3);
    }
    expect([announced, failures]).toEqual([['taken 30'], [true, true, true, true, false]]);
    expect(await run()).toBe(0);
  });

  it('is made by another instance where the one that made it died', async () => {
    await issue('deploy', 31);
    identity.clock.advance(2 * DAY_MS);
    const never = new Promise(() => undefined);
    void identity.announceExpiringApiKeys.execute(() => never);
    await Promise.resolve();
    identity.clock.advance(HOUR_MS);
    expect(await run(new AnnounceExpiringApiKeys(identity))).toBe(1);
  });
});

it('a key that was revoked since its notice was claimed is not announced', async () => {
  await issue('first', 31);
  const { apiKey } = await issue('second', 31.1);
  identity.clock.advance(2 * DAY_MS);
  await identity.announceExpiringApiKeys.execute(async (notice) => {
    note(notice);
    await identity.revokeApiKey.execute(tenant.organization.id, apiKey.id, OPERATOR);
  });
  expect(announced).toEqual(['first 30']);
});

it('the work ends after the notice that is under way when its signal says so, and the others are made later', async () => {
  await issue('first', 31);
  await issue('second', 31.1);
  identity.clock.advance(2 * DAY_MS);
  const stop = new AbortController();
  const announce = (notice: KeyExpiryNotice) => {
    note(notice);
    stop.abort();
  };
  expect(await identity.announceExpiringApiKeys.execute(announce, undefined, stop.signal)).toBe(1);
  identity.clock.advance(HOUR_MS);
  await run();
  expect(announced).toEqual(['first 30', 'second 30']);
});
