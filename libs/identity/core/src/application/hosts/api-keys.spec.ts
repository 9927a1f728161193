import { beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_GRACE_SECONDS } from '../keys/rotate-api-key.js';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { Tenant } from '../../testing/tenant.js';
import { testCaller } from '../../testing/test-caller.js';
import type { ApiKeys, IssueKeyRequest } from './api-keys.js';
import type { Organizations } from './organizations.js';

const ADA = { externalId: 'user_ada', email: 'ada@example.com', name: 'Ada' };
const BOB = { externalId: 'user_bob' };
const ORIGIN = { requestId: 'request-1', sourceAddress: '192.0.2.1' };
const NO_UUID = 'not-a-uuid';

let tenant: Tenant;
let identity: InMemoryIdentity;
let apiKeys: ApiKeys;
let organizations: Organizations;
let organizationId: string;

const start = async (given = new InMemoryIdentity()) => {
  tenant = await Tenant.create(given);
  identity = given;
  organizationId = tenant.organization.id;
  ({ hostApiKeys: apiKeys, hostOrganizations: organizations } = identity);
};

beforeEach(() => start());

const issue = (request: Partial<IssueKeyRequest> = {}) =>
  apiKeys.issue({ organizationId, user: ADA, name: 'CI', scopes: ['orders:read'], ...request });
const verify = (token: string) => identity.verifyApiKey.execute(token);
const members = async () => (await organizations.members.list(organizationId)).items;

describe("a user's key", () => {
  it('is the first that makes the user known, and is made by the user', async () => {
    const { apiKey, token } = await issue({ origin: ORIGIN });
    const caller = await verify(token);
    expect(caller.member).toMatchObject({ externalId: ADA.externalId, email: ADA.email, displayName: ADA.name });
    const { id } = caller.member;
    expect(apiKey).toMatchObject({ name: 'CI', scopes: ['orders:read'], unrestricted: false, memberId: id });
    expect(apiKey.createdBy).toEqual({ type: 'member', id });
    const actor = { type: 'member', name: null, apiKeyId: null, memberId: id, ...ORIGIN };
    expect(await tenant.events('member.created')).toMatchObject([{ actor, changes: { external_id: ADA.externalId } }]);
    expect((await tenant.events('api_key.created')).at(-1)).toMatchObject({ actor, apiKeyId: apiKey.id });
  });

  it('makes no second member, and brings what the application says of the user up to date', async () => {
    const first = await issue();
    await issue({ user: { externalId: ADA.externalId } });
    expect(await tenant.events('member.updated')).toEqual([]);
    const second = await issue({ user: { ...ADA, email: 'ada@example.org', name: null } });
    expect(second.apiKey.memberId).toBe(first.apiKey.memberId);
    const changes = { email: 'ada@example.org', display_name: null };
    expect(await tenant.events('member.updated')).toMatchObject([{ actor: { type: 'member' }, changes }]);
    expect(await members()).toMatchObject([{ ...ADA, email: 'ada@example.org', name: null }, { externalId: 'owner' }]);
  });

  it('is refused to a disabled user, who can do nothing else either', async () => {
    const { apiKey } = await issue();
    await organizations.members.disable(organizationId, ADA.externalId);
    const access = { organizationId, user: ADA.externalId, id: apiKey.id };
    const refused = { code: 'member.disabled' };
    await expect(issue()).rejects.toMatchObject(refused);
    await expect(apiKeys.update({ ...access, name: 'x' })).rejects.toMatchObject(refused);
    await expect(apiKeys.rotate(access)).rejects.toMatchObject(refused);
    await expect(apiKeys.revoke(access)).rejects.toMatchObject(refused);
    await organizations.members.enable(organizationId, ADA.externalId);
    await expect(issue()).resolves.toBeDefined();
  });

  it('is refused in a disabled organization', async () => {
    await organizations.disable(organizationId);
    await expect(issue()).rejects.toMatchObject({ code: 'organization.disabled' });
  });

  it('is another user’s doing where the application says so', async () => {
    const admin = await issue();
    const { apiKey } = await issue({ user: BOB, by: ADA.externalId });
    expect(apiKey.createdBy).toEqual({ type: 'member', id: admin.apiKey.memberId });
    await apiKeys.revoke({ organizationId, id: apiKey.id, by: ADA.externalId });
    expect(await tenant.events('api_key.revoked')).toMatchObject([{ actor: { memberId: admin.apiKey.memberId } }]);
    await expect(issue({ by: 'nobody' })).rejects.toMatchObject({ code: 'member.not_found' });
  });
});

describe('the bounds of a key that no key makes', () => {
  it('are named, or it is refused: nobody gets everything by leaving something out', async () => {
    await expect(issue({ scopes: undefined })).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
    await expect(issue({ scopes: [] })).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
    await expect(issue({ scopes: ['*'] })).resolves.toMatchObject({ apiKey: { scopes: ['*'] } });
  });

  it('hold for new keys and for changed ones, and an attempt is recorded', async () => {
    const maxScopes = ['orders:*'];
    const message = 'What may be granted does not include the scope "users:read".';
    const escalation = { code: 'api_key.scope_not_held' };
    await expect(issue({ maxScopes, scopes: ['users:read'] })).rejects.toMatchObject({ ...escalation, message });
    await expect(issue({ maxScopes, scopes: [] })).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
    const { apiKey } = await issue({ maxScopes, scopes: undefined });
    expect(apiKey.scopes).toEqual(maxScopes);
    const access = { organizationId, user: ADA.externalId, id: apiKey.id };
    await expect(apiKeys.update({ ...access, maxScopes, scopes: ['*'] })).rejects.toMatchObject(escalation);
    await expect(apiKeys.rotate({ ...access, maxScopes: [] })).rejects.toMatchObject(escalation);
    const none = await issue({ maxScopes: [], scopes: undefined });
    expect(none.apiKey).toMatchObject({ scopes: [], unrestricted: false });
    const denied = await tenant.events('escalation.denied');
    expect(denied.map(({ actor }) => actor.type)).toEqual(['member', 'member', 'member']);
  });

  it("are the organization's policy", async () => {
    tenant.setPolicy({ maxLifetimeDays: 1 });
    const violated = { code: 'api_key.policy_violated' };
    await expect(issue()).rejects.toMatchObject(violated);
    const { apiKey } = await issue({ expiresAt: tenant.in(1000) });
    await expect(apiKeys.update({ organizationId, id: apiKey.id, expiresAt: null })).rejects.toMatchObject(violated);
  });

  it('are the limit of keys', async () => {
    await start(new InMemoryIdentity({ maxKeysPerOrganization: 2 }));
    await issue();
    await expect(issue()).rejects.toMatchObject({ code: 'api_key.limit_reached' });
  });

  it('refuse a Date that is none', async () => {
    await expect(issue({ expiresAt: new Date('soon') })).rejects.toMatchObject({ code: 'api_key.expiry_in_past' });
  });
});

describe('a key that a caller makes', () => {
  it('holds and lives no more than the key of the caller', async () => {
    const held = await tenant.issue({ scopes: ['orders:read', 'api_keys:manage'], expiresAt: tenant.in(5000) });
    const caller = await verify(held.token);
    const byCaller = (request: Partial<IssueKeyRequest>) =>
      apiKeys.issue({ caller, name: 'CI', expiresAt: tenant.in(1000), origin: ORIGIN, ...request });
    await expect(byCaller({ scopes: ['*'] })).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    await expect(byCaller({ expiresAt: null })).rejects.toMatchObject({ code: 'api_key.outlives_caller' });
    await expect(byCaller({ maxScopes: ['*'] })).rejects.toMatchObject({ code: 'api_key.scope_not_held' });
    const { apiKey } = await byCaller({ user: BOB, scopes: ['orders:read'] });
    expect(apiKey.createdBy).toEqual({ type: 'api_key', id: held.apiKey.id });
    expect(apiKey.memberId).not.toBe(held.apiKey.memberId);
    await apiKeys.revoke({ caller, id: apiKey.id });
    await expect(
      apiKeys.update({ caller, id: tenant.owner.apiKey.id, expiresAt: tenant.in(9000) }),
    ).resolves.toBeDefined();
    await expect(apiKeys.rotate({ caller, id: tenant.owner.apiKey.id })).rejects.toMatchObject({
      code: 'api_key.scope_not_held',
    });
  });

  it('is one of the caller’s organization', async () => {
    const other = await organizations.create({ name: 'Other' });
    const caller = await verify(tenant.owner.token);
    const request = { caller, organizationId: other.organization.id };
    await expect(issue(request)).rejects.toMatchObject({ code: 'organization.not_found' });
    await expect(apiKeys.list(request)).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  it('is no key of a service that another process asks', async () => {
    await expect(apiKeys.issue({ caller: testCaller(), name: 'CI' })).rejects.toThrow(TypeError);
  });
});

describe("a user's own keys", () => {
  it('are listed, found, changed, rotated and revoked, and no others are', async () => {
    const own = await issue();
    const foreign = await issue({ user: BOB });
    const mine = { organizationId, user: ADA.externalId };
    expect((await apiKeys.list(mine)).items).toEqual([own.apiKey]);
    expect((await apiKeys.list({ organizationId, user: 'nobody' })).items).toEqual([]);
    expect((await apiKeys.list({ organizationId })).items).toHaveLength(3);
    expect(await apiKeys.find({ ...mine, id: own.apiKey.id })).toEqual(own.apiKey);
    for (const id of [foreign.apiKey.id, anId()]) {
      const access = { ...mine, id };
      const refused = { code: 'api_key.not_found' };
      await expect(apiKeys.find(access)).rejects.toMatchObject(refused);
      await expect(apiKeys.usage(access)).rejects.toMatchObject(refused);
      await expect(apiKeys.update({ ...access, name: 'x' })).rejects.toMatchObject(refused);
      await expect(apiKeys.rotate(access)).rejects.toMatchObject(refused);
      await expect(apiKeys.revoke(access)).rejects.toMatchObject(refused);
    }
    const access = { ...mine, id: own.apiKey.id };
    expect(await apiKeys.update({ ...access, name: 'Deploy' })).toMatchObject({ name: 'Deploy' });
    const rotated = await apiKeys.rotate({ ...access, graceSeconds: 60 });
    await Promise.all([verify(own.token), verify(rotated.token)]);
    expect((await apiKeys.usage(access)).tokens).toHaveLength(2);
    await apiKeys.revoke(access);
    await expect(verify(rotated.token)).rejects.toMatchObject({ code: 'authentication.required' });
    await verify(foreign.token);
    for (const type of ['api_key.updated', 'api_key.rotated', 'api_key.revoked'] as const) {
      expect(await tenant.events(type)).toMatchObject([{ actor: { type: 'member', memberId: own.apiKey.memberId } }]);
    }
  });

  it('say of each token when it was last used, of the current one too', async () => {
    const { clock, writeBehind } = identity;
    const { token, apiKey } = await issue();
    const access = { organizationId, id: apiKey.id };
    const useLater = async (used: string) => {
      clock.advance(60_000);
      await verify(used);
      await writeBehind.flush();
      return clock.now();
    };
    const uses = async () => (await apiKeys.usage(access)).tokens.map(({ lastUsedAt }) => lastUsedAt);
    expect(await uses()).toEqual([null]);
    const first = await useLater(token);
    expect(await uses()).toEqual([first]);
    clock.advance(1000);
    const rotated = await apiKeys.rotate({ ...access, graceSeconds: 3600 });
    expect(await uses()).toEqual([first, null]);
    const second = await useLater(rotated.token);
    // The last use of the key is not one of its current token any more.
    const third = await useLater(token);
    expect(await uses()).toEqual([third, second]);
    expect(await apiKeys.usage(access)).toMatchObject({ lastUsedAt: third });
    clock.advance(MAX_GRACE_SECONDS * 1000);
    expect(await uses()).toEqual([third, second]);
    expect(await useLater(rotated.token)).toEqual((await uses())[1]);
  });

  it('are not those of everybody where the user is missing', async () => {
    const { apiKey } = await issue();
    for (const name of ['user', 'caller']) {
      const request = { organizationId, id: apiKey.id, [name]: undefined };
      const message = `${name} is undefined. Leave it out if you mean the request without it.`;
      for (const asked of [apiKeys.list(request), apiKeys.find(request), apiKeys.update({ ...request, name: 'x' })]) {
        await expect(asked).rejects.toThrow(message);
      }
      for (const asked of [apiKeys.rotate(request), apiKeys.revoke(request), apiKeys.usage(request)]) {
        await expect(asked).rejects.toThrow(message);
      }
    }
    const unbounded = { maxScopes: undefined } as unknown as Partial<IssueKeyRequest>;
    await expect(issue(unbounded)).rejects.toThrow('maxScopes is undefined.');
    expect(await apiKeys.find({ organizationId, id: apiKey.id })).toEqual(apiKey);
  });

  it.each([0, 1.5, 1001, Number.NaN])('do not come in pages of %p', async (limit) => {
    const message = 'limit must be a whole number from 1 to 1000.';
    await expect(apiKeys.list({ organizationId, limit })).rejects.toThrow(message);
    await expect(organizations.members.list(organizationId, { limit })).rejects.toThrow(message);
  });

  it('are none where no key can have what is looked for', async () => {
    await issue();
    for (const filter of [{ createdBy: NO_UUID }, { label: 'a\0b' }]) {
      expect(await apiKeys.list({ organizationId, ...filter })).toEqual({ items: [], next: null });
    }
  });

  it('end with what they made, if that is asked for', async () => {
    const { apiKey, token } = await issue({ scopes: ['*'] });
    const child = await apiKeys.issue({ caller: await verify(token), name: 'child', scopes: ['orders:read'] });
    expect(await apiKeys.revoke({ organizationId, id: apiKey.id, cascade: true })).toMatchObject({
      revokedDescendants: 1,
    });
    await expect(verify(child.token)).rejects.toMatchObject({ code: 'authentication.required' });
  });

  it('come in pages', async () => {
    for (let made = 0; made < 3; made += 1) await issue({ name: `${made}` });
    await issue({ user: BOB });
    const mine = { organizationId, user: ADA.externalId, limit: 2 };
    const first = await apiKeys.list(mine);
    const second = await apiKeys.list({ ...mine, cursor: first.next ?? undefined });
    expect([...first.items, ...second.items].map(({ name }) => name).sort()).toEqual(['0', '1', '2']);
    expect(second.next).toBeNull();
  });

  it('end when the user is removed', async () => {
    const { token } = await issue();
    expect(await organizations.members.remove(organizationId, ADA.externalId)).toBe(true);
    expect(await organizations.members.remove(organizationId, ADA.externalId)).toBe(false);
    await expect(verify(token)).rejects.toMatchObject({ code: 'authentication.required' });
    expect(await members()).toHaveLength(1);
    expect(await tenant.events('member.removed')).toMatchObject([{ actor: { type: 'system' } }]);
  });
});

describe('an id that is no UUID', () => {
  it('is not found', async () => {
    const refused = { code: 'organization.not_found' };
    await expect(issue({ organizationId: NO_UUID })).rejects.toMatchObject(refused);
    await expect(apiKeys.list({ organizationId: NO_UUID })).rejects.toMatchObject(refused);
    await expect(organizations.find(NO_UUID)).rejects.toMatchObject(refused);
    await expect(organizations.rename(NO_UUID, 'x')).rejects.toMatchObject(refused);
    await expect(organizations.delete(NO_UUID)).rejects.toMatchObject(refused);
    await expect(organizations.members.list(NO_UUID)).rejects.toMatchObject(refused);
    await expect(organizations.members.find(NO_UUID, 'x')).rejects.toMatchObject(refused);
    await expect(organizations.members.find(organizationId, 'a\0b')).rejects.toMatchObject({
      code: 'member.not_found',
    });
    for (const access of [
      { organizationId, id: NO_UUID },
      { organizationId: NO_UUID, id: anId() },
    ]) {
      await expect(apiKeys.find(access)).rejects.toMatchObject({ code: 'api_key.not_found' });
      await expect(apiKeys.revoke(access)).rejects.toMatchObject({ code: 'api_key.not_found' });
    }
  });
});

describe("an application's organizations", () => {
  it('are created by their owner, with a first key or without', async () => {
    const created = await organizations.create({ name: 'Shop', owner: ADA, origin: ORIGIN });
    expect(created).toMatchObject({
      organization: { name: 'Shop' },
      owner: { ...ADA, role: 'org:admin' },
      firstKey: null,
    });
    const actor = { type: 'member', memberId: created.owner.memberId, ...ORIGIN };
    const events = await identity.auditLog.list(created.organization.id, { limit: 9 });
    expect(events).toMatchObject([{ type: 'organization.created', actor }]);
    const { firstKey, owner } = await organizations.create({ name: 'Shop', firstKey: { scopes: ['orders:read'] } });
    expect((await verify(firstKey?.token ?? '')).member.id).toBe(owner.memberId);
    expect(firstKey?.apiKey.createdBy).toEqual({ type: 'member', id: owner.memberId });
  });

  it('have a policy, which binds the next key', async () => {
    const policy = await organizations.setPolicy(organizationId, { expiryRequired: true });
    expect(await organizations.find(organizationId)).toMatchObject({ policy });
    await expect(issue()).rejects.toMatchObject({ code: 'api_key.policy_violated' });
    await expect(organizations.setPolicy('nope', {})).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  it('have a first key of named scopes, or none', async () => {
    for (const firstKey of [{}, { scopes: [] }]) {
      const created = organizations.create({ name: 'Shop', firstKey: firstKey as { scopes: string[] } });
      await expect(created).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
    }
    const expiresAt = new Date('soon');
    const created = organizations.create({ name: 'Shop', firstKey: { scopes: ['*'], expiresAt } });
    await expect(created).rejects.toMatchObject({ code: 'api_key.expiry_in_past' });
  });

  it('are renamed, disabled, enabled and deleted', async () => {
    const { token } = await issue();
    const by = { by: ADA.externalId };
    expect(await organizations.rename(organizationId, 'Acme Ltd', by)).toMatchObject({ name: 'Acme Ltd' });
    await organizations.disable(organizationId, by);
    await expect(verify(token)).rejects.toMatchObject({ code: 'authentication.required' });
    await organizations.enable(organizationId, by);
    await verify(token);
    expect(await tenant.events('organization.updated')).toMatchObject([{ actor: { type: 'member' } }]);
    expect(await organizations.delete(organizationId)).toEqual({ members: 2, apiKeys: 2 });
    await expect(organizations.find(organizationId)).rejects.toMatchObject({ code: 'organization.not_found' });
  });
});
