import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { CountingApiKeyRepository, CountingSecretHasher } from '../../testing/counting.js';
import { FakeSecretHasher } from '../../testing/fakes/fake-secret-hasher.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';

const NOT_FOUND = { valid: false, reason: 'not_found' };

let hasher: CountingSecretHasher;
let apiKeys: CountingApiKeyRepository;
let identity: InMemoryIdentity;
let tenant: Tenant;
let key: HeldApiKey;

beforeEach(async () => {
  hasher = new CountingSecretHasher();
  apiKeys = new CountingApiKeyRepository(new InMemoryStore());
  identity = new InMemoryIdentity({ apiKeys, hasher });
  tenant = await Tenant.create(identity);
  key = await tenant.issue({ scopes: ['a:read', 'b:*'], expiresAt: tenant.in(60_000) });
  hasher.verifications = 0;
});

function check(token: string, scopes: readonly string[] = [], on = identity) {
  return on.checkApiKey.execute(tenant.organization.id, token, scopes);
}

async function change(fields: Partial<ApiKey>): Promise<void> {
  identity.store.apiKeys.set(key.apiKey.id, (await tenant.stored(key.apiKey)).with(fields));
}

async function rotate(graceSeconds: number): Promise<void> {
  await tenant.identity.rotateApiKey.execute(await tenant.grantor(), key.apiKey.id, graceSeconds);
}

/** The token with another secret under the same public part. */
function forged(token: string): string {
  const keyPrefix = identity.format.parse(token)?.keyPrefix ?? '';
  return identity.format.compose(keyPrefix.slice(-8), 'A'.repeat(32)).reveal();
}

async function lastUsed(): Promise<Date | null> {
  await identity.writeBehind.flush();
  return (await tenant.stored(key.apiKey)).lastUsedAt;
}

describe('a key that is shown to a service', () => {
  it('is valid with the scopes that it holds, and its use is recorded', async () => {
    for (const scopes of [[], ['a:read'], ['b:anything', 'a:read', 'b:anything']]) {
      const { organization, member } = tenant;
      const caller = { organization, member, apiKey: key.apiKey };
      expect(await check(key.token, scopes)).toEqual({ valid: true, caller, validUntil: key.apiKey.expiresAt });
    }
    expect(await lastUsed()).toEqual(tenant.in(0));
  });

  it('is valid from its networks alone, and the first refusal from elsewhere is recorded', async () => {
    await change({ allowedNetworks: ['192.0.2.0/24'] });
    const checkFrom = (address: string | null, isCheckedElsewhere = false) =>
      identity.checkApiKey.execute(tenant.organization.id, key.token, ['b:read'], undefined, {
        address,
        isCheckedElsewhere,
        requestId: 'request-1',
      });
    const refused = { valid: false, reason: 'address_not_allowed', missingScopes: [] };
    expect(await check(key.token)).toMatchObject(refused);
    expect(await checkFrom('198.51.100.1')).toMatchObject(refused);
    expect(await lastUsed()).toBeNull();
    expect(await tenant.events('api_key.address_refused')).toMatchObject([{ apiKeyId: key.apiKey.id }]);
    expect(await checkFrom('192.0.2.9')).toMatchObject({ valid: true });
    expect(await checkFrom(null, true)).toMatchObject({
      valid: true,
      caller: { apiKey: { allowedNetworks: ['192.0.2.0/24'] } },
    });
  });

  it('is valid in the grace period of its rotation, and that use is recorded for its secret', async () => {
    await rotate(60);
    expect(await check(key.token)).toMatchObject({ valid: true });
    expect(await lastUsed()).toEqual(tenant.in(0));
    const details = await apiKeys.find(tenant.organization.id, key.apiKey.id);
    expect(details?.secrets[0]).toMatchObject({ lastUsedAt: tenant.in(0) });
  });

  it('is valid until it ends, or its secret does, whichever comes first', async () => {
    const { apiKey: endless, token } = await tenant.issue();
    expect(await check(token)).toMatchObject({ valid: true, validUntil: null });
    await tenant.identity.rotateApiKey.execute(await tenant.grantor(), endless.id, 60);
    expect(await check(token)).toMatchObject({ valid: true, validUntil: tenant.in(60_000) });
    for (const [grace, validUntil] of [
      [30, tenant.in(30_000)],
      [90, tenant.in(60_000)],
    ] as const) {
      const { apiKey, token: earlier } = await tenant.issue({ expiresAt: tenant.in(60_000) });
      await tenant.identity.rotateApiKey.execute(await tenant.grantor(), apiKey.id, grace);
      expect(await check(earlier)).toMatchObject({ valid: true, validUntil });
    }
  });

  it('that holds less is told what it lacks, in the order in which it was asked for', async () => {
    const answer = await check(key.token, ['c:read', 'a:read', 'a:write', 'b:x']);
    const missingScopes = ['c:read', 'a:write'];
    expect(answer).toEqual({ valid: false, reason: 'insufficient_scope', apiKey: key.apiKey, missingScopes });
  });

  const now = new Date();
  it.each<[string, () => Promise<unknown>]>([
    ['revoked', () => change({ revokedAt: now, disabledAt: now, expiresAt: new Date(0) })],
    ['disabled', () => change({ disabledAt: now, expiresAt: new Date(0) })],
    ['disabled', async () => identity.store.members.set(tenant.member.id, { ...tenant.member, disabledAt: now })],
    ['expired', async () => identity.clock.advance(60_000)],
    ['rotated', () => rotate(0)],
    ['rotated', () => rotate(7).then(() => identity.clock.advance(7000))],
    ['insufficient_scope', () => change({ grant: key.apiKey.grant.narrow(['a:read']) })],
  ])('may be %s, and then no use of it is recorded', async (reason, happen) => {
    await happen();
    const answer = await check(key.token, ['b:read']);
    const missingScopes = reason === 'insufficient_scope' ? ['b:read'] : [];
    expect(answer).toEqual({ valid: false, reason, apiKey: await tenant.stored(key.apiKey), missingScopes });
    expect(await lastUsed()).toBeNull();
  });

  it('is accepted until the last millisecond', async () => {
    identity.clock.advance(59_999);
    expect(await check(key.token)).toMatchObject({ valid: true });
  });

  it('has its proof renewed, like one that authenticates (KH9)', async () => {
    const rotated = new InMemoryIdentity({ apiKeys, hasher: new FakeSecretHasher('v2') });
    await check(key.token, [], rotated);
    await rotated.writeBehind.flush();
    const credential = await apiKeys.findCredential(key.apiKey.keyPrefix);
    expect(credential?.secret.proof).toMatch(/^fake-proof:v2:/);
  });
});

describe('nothing is told', () => {
  it('of a forged secret, whatever the state of the key', async () => {
    const past = new Date(0);
    for (const fields of [{}, { disabledAt: past }, { expiresAt: past }, { revokedAt: past }]) {
      await change(fields);
      expect(await check(forged(key.token))).toEqual(NOT_FOUND);
    }
    expect(await lastUsed()).toBeNull();
  });

  it("of another organization's key, which no hash is computed for, though this process has proven it", async () => {
    const theirs = await Tenant.create(identity);
    await theirs.grantor();
    hasher.verifications = 0;
    for (const token of [theirs.owner.token, forged(theirs.owner.token)]) {
      expect(await check(token)).toEqual(NOT_FOUND);
    }
    expect(hasher.verifications).toBe(0);
    await identity.writeBehind.flush();
    identity.clock.advance(1000);
    await check(theirs.owner.token);
    await identity.writeBehind.flush();
    expect((await theirs.stored(theirs.owner.apiKey)).lastUsedAt).toEqual(theirs.in(-1000));
  });

  it.each(['', ' ', 'null', 'fth_test_', 'x'.repeat(10_000), '\0'])('of junk, without a look-up: %j', async (junk) => {
    apiKeys.lookUps = 0;
    expect(await check(junk)).toEqual(NOT_FOUND);
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([0, 0]);
  });

  it('of an unknown key, which costs a look-up and no hash', async () => {
    apiKeys.lookUps = 0;
    expect(await check(identity.format.compose('00000000', 'A'.repeat(32)).reveal())).toEqual(NOT_FOUND);
    expect([apiKeys.lookUps, hasher.verifications]).toEqual([1, 0]);
  });
});

it.each(['*', 'a:*', 'a', '', 'a:read '])('no service can ask for %j, which is no permission', async (scope) => {
  const refused = { code: 'api_key.scope_invalid' };
  await expect(check(key.token, ['a:read', scope])).rejects.toMatchObject(refused);
  expect(await lastUsed()).toBeNull();
});

it('a store that fails gives no verdict: its error goes on', async () => {
  apiKeys.findCredential = () => Promise.reject(new Error('storage is down'));
  await expect(check(key.token)).rejects.toThrow('storage is down');
});
