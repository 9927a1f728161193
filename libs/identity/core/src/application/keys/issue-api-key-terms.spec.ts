import { beforeEach, describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { InterruptedHasher } from '../../testing/interrupted-hasher.js';
import { ORIGIN, Tenant } from '../../testing/tenant.js';
import type { ApiKeyUpdate } from './update-api-key.js';

const DAY_MS = 86_400_000;

let hasher: InterruptedHasher;
let identity: InMemoryIdentity;
let tenant: Tenant;

beforeEach(async () => {
  hasher = new InterruptedHasher();
  identity = new InMemoryIdentity({ hasher });
  tenant = await Tenant.create(identity);
});

describe('the cap on keys of an organization', () => {
  const capped = (maxKeysPerOrganization: number) => Tenant.create(new InMemoryIdentity({ maxKeysPerOrganization }));

  it('refuses a key that would exceed it, and counts each organization by itself', async () => {
    const mine = await capped(2);
    const theirs = await Tenant.create(mine.identity);
    await mine.issue();
    await expect(mine.issue()).rejects.toMatchObject({ code: 'api_key.limit_reached' });
    await expect(theirs.issue()).resolves.toBeDefined();
    expect(await mine.events('escalation.denied')).toEqual([]);
  });

  it('does not bind the operator, who has to get into an organization that is full', async () => {
    const { identity: full, organization } = await capped(1);
    await expect(full.issueOwnerKey.execute(organization.id, { name: 'Rescue' })).resolves.toBeDefined();
  });

  it.each(['api_key', 'system'] as const)('binds a host that calls without a key, as %s', async (type) => {
    const mine = await capped(3);
    const { actor, ...grantor } = await mine.grantor();
    const byHost = { ...grantor, actor: { ...actor, type, apiKeyId: null }, apiKey: null };
    const issued = await Promise.allSettled(
      Array.from({ length: 6 }, () => mine.identity.issueApiKey.execute(byHost, { name: 'by the host' })),
    );
    expect(issued.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(mine.identity.store.apiKeys.size).toBe(3);
  });
});

describe('no token is handed out that is refused from the start', () => {
  it('because the end of its key came while its hash was made', async () => {
    hasher.meanwhile = async () => identity.clock.advance(1000);
    const issued = tenant.issue({ expiresAt: tenant.in(1000) });
    await expect(issued).rejects.toMatchObject({ code: 'api_key.expiry_in_past' });
    expect([identity.store.apiKeys.size, await tenant.events('api_key.created')]).toEqual([1, []]);
  });

  it('because the organization is disabled', async () => {
    const { store } = identity;
    store.organizations.set(tenant.organization.id, { ...tenant.organization, disabledAt: tenant.in(0) });
    const issueOwnerKey = identity.issueOwnerKey;
    const issued = issueOwnerKey.execute(tenant.organization.id, { name: 'Rescue' });
    await expect(issued).rejects.toMatchObject({ code: 'organization.disabled' });
    expect(store.apiKeys.size).toBe(1);
  });
});

describe('the policy of the organization', () => {
  const VIOLATED = { code: 'api_key.policy_violated' };

  it('bounds the life of a new key to the millisecond', async () => {
    tenant.setPolicy({ maxLifetimeDays: 30 });
    for (const expiresAt of [null, undefined, tenant.in(30 * DAY_MS + 1)]) {
      await expect(tenant.issue({ expiresAt })).rejects.toMatchObject(VIOLATED);
    }
    const { apiKey } = await tenant.issue({ expiresAt: tenant.in(30 * DAY_MS) });
    expect(apiKey.expiresAt).toEqual(tenant.in(30 * DAY_MS));
  });

  it('may demand an end, and leaves keys as they are that have none', async () => {
    tenant.setPolicy({ expiryRequired: true });
    await expect(tenant.issue()).rejects.toMatchObject(VIOLATED);
    await expect(tenant.issue({ expiresAt: tenant.in(1e12) })).resolves.toBeDefined();
    await expect(tenant.grantor()).resolves.toBeDefined();
  });

  it.each([[undefined], [[]]])('may demand scopes: %j are none', async (scopes) => {
    tenant.setPolicy({ scopesRequired: true });
    await expect(tenant.issue({ scopes })).rejects.toMatchObject(VIOLATED);
    await expect(tenant.issue({ scopes: ['a:read'] })).resolves.toBeDefined();
  });

  it('takes * for a choice where it demands scopes, and none for no choice of a narrow key', async () => {
    const manager = await tenant.issue({ scopes: ['a:read', 'api_keys:manage'] });
    tenant.setPolicy({ scopesRequired: true });
    expect((await tenant.issue({ scopes: ['*'] })).apiKey.grant.scopes).toEqual(['*']);
    const inherited = identity.issueApiKey.execute(await tenant.grantor(manager.token), { name: 'CI' });
    await expect(inherited).rejects.toMatchObject(VIOLATED);
  });

  it('that demands scopes leaves keys as they are, until their scopes are changed to none', async () => {
    const unrestricted = await tenant.issue();
    tenant.setPolicy({ scopesRequired: true });
    const update = async (change: ApiKeyUpdate) =>
      tenant.identity.updateApiKey.execute(await tenant.grantor(), unrestricted.apiKey.id, change);
    await expect(update({ name: 'Renamed' })).resolves.toMatchObject({ apiKey: { grant: { unrestricted: true } } });
    await expect(update({ scopes: [] })).rejects.toMatchObject(VIOLATED);
    await expect(update({ scopes: ['*'] })).resolves.toMatchObject({ apiKey: { grant: { unrestricted: false } } });
  });

  it('does not bind the operator', async () => {
    tenant.setPolicy({ expiryRequired: true, maxLifetimeDays: 1, scopesRequired: true });
    const issueOwnerKey = identity.issueOwnerKey;
    const { apiKey } = await issueOwnerKey.execute(tenant.organization.id, { name: 'Rescue' });
    expect(apiKey).toMatchObject({ expiresAt: null, grant: ScopeGrant.unrestricted() });
  });

  it('is broken by a request, not by an attempt to escalate: nothing is recorded', async () => {
    tenant.setPolicy({ expiryRequired: true });
    await expect(tenant.issue()).rejects.toMatchObject(VIOLATED);
    expect(await tenant.events('escalation.denied')).toEqual([]);
  });
});

describe('what is recorded of an issued key', () => {
  it('is who issued it, from where, and what it may do, but never its secret', async () => {
    const grantor = await tenant.grantor();
    const request = { name: 'CI', scopes: ['a:read'], expiresAt: tenant.in(DAY_MS) };
    const { apiKey, token } = await identity.issueApiKey.execute(grantor, request);
    const [event] = await tenant.events('api_key.created');
    expect(event).toMatchObject({
      apiKeyId: apiKey.id,
      actor: { type: 'api_key', apiKeyId: tenant.owner.apiKey.id, memberId: tenant.member.id, ...ORIGIN },
      changes: { name: 'CI', scopes: ['a:read'], expires_at: tenant.in(DAY_MS).toISOString() },
    });
    expect(JSON.stringify(event)).not.toContain(token.secret);
  });

  it('is the operator, where it was issued on the command line', async () => {
    await identity.issueOwnerKey.execute(tenant.organization.id, {
      name: 'x',
    });
    const actor = { type: 'operator', apiKeyId: null, memberId: null, requestId: null, sourceAddress: null };
    expect(await tenant.events('api_key.created')).toMatchObject([
      { actor, changes: { scopes: [], expires_at: null } },
    ]);
  });
});

describe('a key whose issuer was changed while its hash was made', () => {
  const change = (fields: object) => async () =>
    identity.store.apiKeys.set(tenant.owner.apiKey.id, tenant.owner.apiKey.with(fields));

  it.each([
    ['revoked', { revokedAt: new Date() }, 'authentication.required'],
    ['disabled', { disabledAt: new Date() }, 'authentication.required'],
    ['narrowed', { grant: ScopeGrant.of(['a:read']) }, 'caller.changed'],
    ['shortened', { expiresAt: new Date('2027-01-01') }, 'caller.changed'],
  ])('is not issued: %s (RV8)', async (_case, fields, code) => {
    hasher.meanwhile = change(fields);
    await expect(tenant.issue()).rejects.toMatchObject({ code });
    expect([identity.store.apiKeys.size, await tenant.events('api_key.created')]).toEqual([1, []]);
  });

  it('is issued where only the name is another', async () => {
    hasher.meanwhile = change({ name: 'Renamed' });
    await expect(tenant.issue()).resolves.toBeDefined();
  });
});
