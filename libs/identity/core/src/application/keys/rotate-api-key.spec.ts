import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { InterruptedHasher } from '../../testing/interrupted-hasher.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';

const DAY_MS = 86_400_000;
const REFUSED = { code: 'authentication.required' };

let hasher: InterruptedHasher;
let identity: InMemoryIdentity;
let tenant: Tenant;
let key: HeldApiKey;

beforeEach(async () => {
  hasher = new InterruptedHasher();
  identity = new InMemoryIdentity({ hasher });
  tenant = await Tenant.create(identity);
  key = await tenant.issue({ scopes: ['a:read'], expiresAt: tenant.in(30 * DAY_MS) });
});

const verify = (token: string) => identity.verifyApiKey.execute(token);

async function rotate({ id }: Pick<ApiKey, 'id'>, graceSeconds = 0, by = tenant.owner.token) {
  const { details, token } = await tenant.identity.rotateApiKey.execute(await tenant.grantor(by), id, graceSeconds);
  return { ...details, token: token.reveal() };
}

describe('a rotated key', () => {
  it('is the same key with the same history; only its secret and public part are others', async () => {
    await verify(key.token);
    await identity.writeBehind.flush();
    const lastUsedAt = tenant.in(0);
    identity.clock.advance(DAY_MS);
    const { apiKey, token, secrets } = await rotate(key.apiKey);
    const keyPrefix = identity.format.parse(token)?.keyPrefix ?? '';
    expect(keyPrefix).not.toBe(key.apiKey.keyPrefix);
    expect(apiKey).toEqual(key.apiKey.with({ keyPrefix, lastUsedAt }));
    expect(await tenant.stored(apiKey)).toEqual(apiKey);
    expect(secrets).toMatchObject([
      { keyPrefix: key.apiKey.keyPrefix, lastUsedAt },
      { keyPrefix, createdAt: tenant.in(0), validUntil: null, lastUsedAt: null },
    ]);
  });

  it('is opened by its new token, which is stored nowhere', async () => {
    const { apiKey, token } = await rotate(key.apiKey);
    await expect(verify(token)).resolves.toMatchObject({ apiKey, member: tenant.member });
    const rows = JSON.stringify([[...identity.store.secrets.values()], identity.store.auditEvents]);
    expect(rows).not.toContain(identity.format.parse(token)?.secret);
  });

  it('is recorded with its new public part, its grace period and who did it', async () => {
    const { apiKey } = await rotate(key.apiKey, 60);
    const { actor } = await tenant.grantor();
    const changes = {
      key_prefix: apiKey.keyPrefix,
      previous_key_prefix: key.apiKey.keyPrefix,
      grace_period_seconds: 60,
    };
    expect(await tenant.events('api_key.rotated')).toMatchObject([{ apiKeyId: apiKey.id, actor, changes }]);
  });

  it('may be the calling key itself', async () => {
    const { token } = await rotate(tenant.owner.apiKey, 0);
    await expect(verify(tenant.owner.token)).rejects.toMatchObject(REFUSED);
    await expect(verify(token)).resolves.toMatchObject({ apiKey: { id: tenant.owner.apiKey.id } });
  });
});

describe('whoever rotates a key gets to hold it, and so must have all that it has (AZ3):', () => {
  it.each([
    ['the scopes', ['b:read'], 30, {}, 'api_key.scope_not_held'],
    ['all of the scopes', ['a:read'], 30, { grant: ScopeGrant.of(['a:read', 'b:read']) }, 'api_key.scope_not_held'],
    ['everything', ['a:*', 'b:*'], 30, { grant: ScopeGrant.unrestricted() }, 'api_key.scope_not_held'],
    ['as long a life', ['a:read'], 29, {}, 'api_key.outlives_caller'],
    ['a life without an end', ['*'], 30, { expiresAt: null }, 'api_key.outlives_caller'],
  ])('%s', async (_case, scopes, days, fields, code) => {
    const attacker = await tenant.issue({ scopes, expiresAt: tenant.in(days * DAY_MS) });
    identity.store.apiKeys.set(key.apiKey.id, key.apiKey.with(fields));
    hasher.hashes = 0;
    await expect(rotate(key.apiKey, 60, attacker.token)).rejects.toMatchObject({ code });
    expect(hasher.hashes).toBe(0);
    await expect(verify(key.token)).resolves.toBeDefined();
    expect(await tenant.events('api_key.rotated')).toEqual([]);
  });

  it('whoever has just that much may', async () => {
    const { token } = await tenant.issue({ scopes: ['a:*'], expiresAt: tenant.in(30 * DAY_MS) });
    await expect(rotate(key.apiKey, 0, token)).resolves.toBeDefined();
  });

  it('also when the key grew while the hash was made', async () => {
    const attacker = await tenant.issue({ scopes: ['a:read'], expiresAt: tenant.in(30 * DAY_MS) });
    const wider = key.apiKey.with({ grant: ScopeGrant.unrestricted() });
    hasher.meanwhile = async () => identity.store.apiKeys.set(wider.id, wider);
    await expect(rotate(key.apiKey, 60, attacker.token)).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    expect(await tenant.stored(wider)).toEqual(wider);
    expect(await tenant.events('escalation.denied')).toHaveLength(1);
  });
});

describe('no key is rotated', () => {
  it("that is unknown, another organization's or revoked, and the three look alike (AZ1)", async () => {
    const theirs = await Tenant.create(identity);
    identity.store.apiKeys.set(key.apiKey.id, key.apiKey.with({ revokedAt: tenant.in(0) }));
    hasher.hashes = 0;
    const refusals = [];
    for (const id of [anId(), theirs.owner.apiKey.id, key.apiKey.id]) {
      refusals.push(await rotate({ id }).catch((error: unknown) => error));
    }
    expect(refusals[0]).toMatchObject({ code: 'api_key.not_found' });
    expect(new Set(refusals.map(String)).size).toBe(1);
    expect(hasher.hashes).toBe(0);
    await expect(verify(theirs.owner.token)).resolves.toBeDefined();
  });

  it.each([
    ['disabled', { disabledAt: new Date(0) }, 'api_key.disabled'],
    ['expired', { expiresAt: new Date(0) }, 'api_key.expired'],
  ])('that is %s: its new token would be refused', async (_case, fields, code) => {
    const closed = key.apiKey.with(fields);
    identity.store.apiKeys.set(closed.id, closed);
    hasher.hashes = 0;
    await expect(rotate(closed)).rejects.toMatchObject({ code });
    expect([hasher.hashes, await tenant.stored(closed)]).toEqual([0, closed]);
    identity.store.apiKeys.set(closed.id, key.apiKey);
    hasher.meanwhile = async () => identity.store.apiKeys.set(closed.id, closed);
    await expect(rotate(closed)).rejects.toMatchObject({ code });
    expect([await tenant.stored(closed), await tenant.events('api_key.rotated')]).toEqual([closed, []]);
  });

  it('that is revoked while the hash is made (RV9)', async () => {
    const revoked = key.apiKey.with({ revokedAt: tenant.in(0) });
    hasher.meanwhile = async () => identity.store.apiKeys.set(revoked.id, revoked);
    await expect(rotate(key.apiKey)).rejects.toMatchObject({ code: 'api_key.not_found' });
    expect(await tenant.stored(revoked)).toEqual(revoked);
  });

  it.each([
    ['revoked', { revokedAt: new Date() }, 'authentication.required'],
    ['narrowed', { grant: ScopeGrant.of(['a:read']) }, 'caller.changed'],
  ])('on the word of a key that is %s while the hash is made', async (_case, fields, code) => {
    const { apiKey } = tenant.owner;
    hasher.meanwhile = async () => identity.store.apiKeys.set(apiKey.id, apiKey.with(fields));
    await expect(rotate(key.apiKey)).rejects.toMatchObject({ code });
    await expect(verify(key.token)).resolves.toBeDefined();
  });
});
