import { beforeEach, describe, expect, it } from '@jest/globals';
import { RandomSource } from '../../domain/random-source.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';

const DAY_S = 86_400;

let identity: InMemoryIdentity;
let tenant: Tenant;
let key: HeldApiKey;

beforeEach(async () => {
  tenant = await Tenant.create();
  ({ identity } = tenant);
  key = await tenant.issue();
});

/** Rotates the key; answers its new token. */
async function rotate(graceSeconds: number): Promise<string> {
  const grantor = await tenant.grantor();
  return (await tenant.identity.rotateApiKey.execute(grantor, key.apiKey.id, graceSeconds)).token.reveal();
}

async function isAccepted(token: string): Promise<boolean> {
  return identity.verifyApiKey.execute(token).then(
    () => true,
    () => false,
  );
}

const secrets = async () => (await identity.apiKeys.find(tenant.organization.id, key.apiKey.id))?.secrets ?? [];

describe('the secret before a rotation', () => {
  it.each([1, 60, 30 * DAY_S])('is accepted until the last millisecond of a grace of %d seconds', async (grace) => {
    const token = await rotate(grace);
    for (const [wait, accepted] of [
      [grace * 1000 - 1, true],
      [1, false],
    ] as const) {
      identity.clock.advance(wait);
      expect([await isAccepted(key.token), await isAccepted(token)]).toEqual([accepted, true]);
    }
  });

  it('is refused at once without a grace, also where it was proven before and on a clock that is behind', async () => {
    expect(await isAccepted(key.token)).toBe(true);
    const token = await rotate(0);
    const recalled = identity.verifyApiKey.verifyCached(key.token);
    await expect(recalled).rejects.toMatchObject({ code: 'authentication.required' });
    for (const offset of [0, -1, -60_000, -365 * DAY_S * 1000]) {
      identity.clock.advance(offset);
      expect([await isAccepted(key.token), await isAccepted(token)]).toEqual([false, true]);
    }
  });

  it('tells when it was last used: before the rotation, and in its grace', async () => {
    await isAccepted(key.token);
    await identity.writeBehind.flush();
    const before = tenant.in(0);
    identity.clock.advance(5000);
    await rotate(60);
    expect(await secrets()).toMatchObject([{ lastUsedAt: before }, { lastUsedAt: null }]);
    await isAccepted(key.token);
    await identity.writeBehind.flush();
    expect(await secrets()).toMatchObject([{ lastUsedAt: tenant.in(0) }, { lastUsedAt: null }]);
    expect((await tenant.stored(key.apiKey)).lastUsedAt).toEqual(tenant.in(0));
  });
});

describe('secrets of several rotations', () => {
  it('never live longer for a later one, however long its grace is', async () => {
    const second = await rotate(60);
    const third = await rotate(30 * DAY_S);
    identity.clock.advance(59_999);
    expect(await Promise.all([key.token, second, third].map(isAccepted))).toEqual([true, true, true]);
    identity.clock.advance(1);
    expect(await Promise.all([key.token, second, third].map(isAccepted))).toEqual([false, true, true]);
  });

  it('all end with the shorter grace of a later one', async () => {
    const second = await rotate(30 * DAY_S);
    const third = await rotate(60);
    identity.clock.advance(60_000);
    expect(await Promise.all([key.token, second, third].map(isAccepted))).toEqual([false, false, true]);
  });

  it('all end at once with an emergency rotation', async () => {
    const second = await rotate(30 * DAY_S);
    const third = await rotate(0);
    expect(await Promise.all([key.token, second, third].map(isAccepted))).toEqual([false, false, true]);
  });
});

describe('a key has at most 10 live secrets', () => {
  const EXHAUSTED = { code: 'api_key.secrets_exhausted' };

  beforeEach(async () => {
    for (let i = 1; i < 10; i += 1) await rotate(60);
  });

  it('and takes no other one while all are in their grace: nothing is changed or recorded', async () => {
    const [before, recorded] = [await secrets(), await tenant.countEvents()];
    await expect(rotate(60)).rejects.toMatchObject(EXHAUSTED);
    expect(await secrets()).toEqual(before);
    expect(before).toHaveLength(10);
    expect(await tenant.countEvents()).toBe(recorded);
    expect(await isAccepted(key.token)).toBe(true);
  });

  it('takes others as soon as a grace is over', async () => {
    identity.clock.advance(59_999);
    await expect(rotate(60)).rejects.toMatchObject(EXHAUSTED);
    identity.clock.advance(1);
    const token = await rotate(60);
    expect(await isAccepted(token)).toBe(true);
    // The key's first one stays, over or not.
    expect(await secrets()).toHaveLength(3);
  });

  it('can always be rotated in an emergency', async () => {
    const token = await rotate(0);
    expect([await isAccepted(token), await isAccepted(key.token)]).toEqual([true, false]);
  });
});

it('a public part that is taken is drawn anew', async () => {
  class Repeating extends RandomSource {
    #draws = 0;

    override bytes(size: number): Uint8Array {
      this.#draws += 1;
      return new Uint8Array(size).fill(this.#draws <= 4 ? 1 : 2);
    }
  }
  const colliding = await Tenant.create(new InMemoryIdentity({ random: new Repeating() }));
  const { id, keyPrefix } = colliding.owner.apiKey;
  const { details } = await colliding.identity.rotateApiKey.execute(await colliding.grantor(), id, 0);
  expect(details.apiKey.keyPrefix).not.toBe(keyPrefix);
  expect(await colliding.events('api_key.rotated')).toHaveLength(1);
});
