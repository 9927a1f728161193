import { beforeEach, describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';
import type { ApiKeyUpdate } from './update-api-key.js';

const DAY_MS = 86_400_000;

let identity: InMemoryIdentity;
let tenant: Tenant;
let key: HeldApiKey;

beforeEach(async () => {
  identity = new InMemoryIdentity();
  tenant = await Tenant.create(identity);
  key = await tenant.issue({ scopes: ['a:read', 'b:*'], expiresAt: tenant.in(30 * DAY_MS) });
});

async function update(change: ApiKeyUpdate, apiKeyId = key.apiKey.id) {
  return (await tenant.identity.updateApiKey.execute(await tenant.grantor(), apiKeyId, change)).apiKey;
}

describe('updating a key', () => {
  const END = new Date('2026-01-20T00:00:00.000Z');

  it.each<[string, ApiKeyUpdate, object, object]>([
    ['its name', { name: 'Ünïcode 🔑' }, { name: 'Ünïcode 🔑' }, { name: 'Ünïcode 🔑' }],
    ['its scopes', { scopes: ['c:*'] }, { grant: ScopeGrant.of(['c:*']) }, { scopes: ['c:*'] }],
    ['its end', { expiresAt: END }, { expiresAt: END }, { expires_at: '2026-01-20T00:00:00.000Z' }],
    ['that it has an end', { expiresAt: null }, { expiresAt: null }, { expires_at: null }],
    [
      'several of them at once',
      { name: 'New', scopes: ['*'], expiresAt: null },
      { name: 'New', grant: ScopeGrant.of(['*']), expiresAt: null },
      { name: 'New', scopes: ['*'], expires_at: null },
    ],
    ['its labels', { labels: ['a', 'b'] }, { labels: ['a', 'b'] }, { labels: ['a', 'b'] }],
    ['its metadata', { metadata: { private: 1 } }, { metadata: { private: 1 } }, { metadata: 'set' }],
    [
      'its description, whose beginning is recorded',
      { description: '🔑'.repeat(201) },
      { description: '🔑'.repeat(201) },
      { description: `${'🔑'.repeat(200)}…` },
    ],
  ])('changes %s and nothing else, and records what is new', async (_case, change, fields, changes) => {
    const updated = await update(change);
    expect(updated).toEqual(key.apiKey.with(fields));
    expect(await tenant.stored(key.apiKey)).toEqual(updated);
    const { actor } = await tenant.grantor();
    const { id: apiKeyId, organizationId, keyPrefix } = key.apiKey;
    const subject = { apiKeyId, organizationId, keyPrefix };
    expect(await tenant.events('api_key.updated')).toEqual([
      { ...subject, id: expect.any(String), type: 'api_key.updated', occurredAt: tenant.in(0), actor, changes },
    ]);
  });

  it('takes notes away, and replaces labels and metadata as a whole', async () => {
    await update({ description: 'CI of the shop', labels: ['a', 'b'], metadata: { a: 1, b: 2 } });
    expect(await update({ labels: ['c'], metadata: { c: 3 } })).toMatchObject({
      description: 'CI of the shop',
      labels: ['c'],
      metadata: { c: 3 },
    });
    expect(await update({ description: '', labels: [], metadata: null })).toEqual(key.apiKey);
    const none = { description: null, labels: [], metadata: null };
    expect((await tenant.events('api_key.updated')).map(({ changes }) => changes)).toContainEqual(none);
  });

  it('that is told what it has already changes nothing and records nothing, also when its end is over', async () => {
    await update({ expiresAt: tenant.in(1000) });
    const before = await tenant.stored(key.apiKey);
    const recorded = await tenant.countEvents();
    identity.clock.advance(1000);
    const same = {
      name: 'CI',
      scopes: ['b:*', 'a:read'],
      expiresAt: tenant.in(0),
      isActive: true,
      description: null,
      labels: [],
      metadata: null,
    };
    for (const change of [
      {},
      same,
      { name: undefined, scopes: undefined, expiresAt: undefined, isActive: undefined },
    ]) {
      expect(await update(change)).toEqual(before);
    }
    expect(await tenant.countEvents()).toBe(recorded);
  });

  it('never makes a key unrestricted by taking all of its scopes', async () => {
    await expect(update({ scopes: [] })).rejects.toMatchObject({ code: 'api_key.scope_invalid' });
  });

  it.each([
    [{ name: '' }, 'api_key.name_invalid'],
    [{ name: 'x\0' }, 'api_key.name_invalid'],
    [{ description: '\0' }, 'api_key.description_invalid'],
    [{ labels: ['A'] }, 'api_key.labels_invalid'],
    [{ metadata: { a: 'a'.repeat(4096) } }, 'api_key.metadata_invalid'],
    [{ scopes: ['a'] }, 'api_key.scope_invalid'],
    [{ scopes: ['a:read', ''] }, 'api_key.scope_invalid'],
    [{ expiresAt: new Date(0) }, 'api_key.expiry_in_past'],
    [{ expiresAt: new InMemoryIdentity().clock.now() }, 'api_key.expiry_in_past'],
  ])('to %j is refused as %s: nothing is changed or recorded', async (change, code) => {
    const recorded = await tenant.countEvents();
    await expect(update({ name: 'New', ...change })).rejects.toMatchObject({ code });
    expect(await tenant.stored(key.apiKey)).toEqual(key.apiKey);
    expect(await tenant.countEvents()).toBe(recorded);
  });

  it("tells an unknown id, another organization's key and a revoked key apart in nothing (AZ1)", async () => {
    const theirs = await Tenant.create(identity);
    identity.store.apiKeys.set(key.apiKey.id, key.apiKey.with({ revokedAt: tenant.in(0) }));
    const refusals = [];
    for (const id of [anId(), theirs.owner.apiKey.id, key.apiKey.id]) {
      refusals.push(await update({ name: 'Mine', isActive: true }, id).catch((error: unknown) => error));
    }
    expect(refusals[0]).toMatchObject({ code: 'api_key.not_found' });
    expect(new Set(refusals.map(String)).size).toBe(1);
    expect(await theirs.stored(theirs.owner.apiKey)).toEqual(theirs.owner.apiKey);
    expect([await tenant.events('api_key.updated'), await theirs.events('api_key.updated')]).toEqual([[], []]);
  });
});

describe('disabling a key', () => {
  const REFUSED = { code: 'authentication.required' };

  it('refuses it from the next request on, until it is enabled again, and records both', async () => {
    await update({ isActive: false });
    await expect(tenant.grantor(key.token)).rejects.toMatchObject(REFUSED);
    await update({ isActive: true });
    await expect(tenant.grantor(key.token)).resolves.toMatchObject({ grant: key.apiKey.grant });
    expect(await tenant.events('api_key.disabled')).toMatchObject([{ changes: { is_active: false } }]);
    expect(await tenant.events('api_key.enabled')).toMatchObject([{ changes: { is_active: true } }]);
  });

  it('keeps the instant at which it was disabled first', async () => {
    const first = tenant.in(0);
    await update({ isActive: false });
    identity.clock.advance(DAY_MS);
    expect((await update({ isActive: false, name: 'Leaked' })).disabledAt).toEqual(first);
    expect(await tenant.events('api_key.updated')).toMatchObject([{ changes: { name: 'Leaked' } }]);
    expect(await tenant.events('api_key.disabled')).toHaveLength(1);
  });

  it('may change other fields too: one event tells all of it', async () => {
    await update({ isActive: false, name: 'Leaked' });
    expect(await tenant.events('api_key.disabled')).toMatchObject([{ changes: { is_active: false, name: 'Leaked' } }]);
    expect(await tenant.events('api_key.updated')).toEqual([]);
  });

  it('is possible for the calling key itself, which cannot undo it', async () => {
    const grantor = await tenant.grantor();
    const { id } = tenant.owner.apiKey;
    await tenant.identity.updateApiKey.execute(grantor, id, { isActive: false });
    await expect(tenant.grantor()).rejects.toMatchObject(REFUSED);
    await expect(tenant.identity.updateApiKey.execute(grantor, id, { isActive: true })).rejects.toMatchObject(REFUSED);
  });
});
