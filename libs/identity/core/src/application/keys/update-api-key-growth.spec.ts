import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { type HeldApiKey, Tenant } from '../../testing/tenant.js';
import type { ApiKeyUpdate } from './update-api-key.js';

const DAY_MS = 86_400_000;
const NOW = new InMemoryIdentity().clock.now();
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

/** The caller holds these until day 10. */
const HELD = ['a:read', 'a:write', 'c:*'];

let tenant: Tenant;
let caller: HeldApiKey;

beforeEach(async () => {
  tenant = await Tenant.create();
  caller = await tenant.issue({ name: 'caller', scopes: HELD, expiresAt: day(10) });
});

/** Stores a key with these fields; without a grant it is one that can do all the caller can, for as long. */
async function target(fields: Partial<ApiKey>): Promise<ApiKey> {
  const { apiKey } = await tenant.issue({ name: 'target', scopes: HELD, expiresAt: day(10) });
  tenant.identity.store.apiKeys.set(apiKey.id, apiKey.with(fields));
  return tenant.stored(apiKey);
}

async function update({ id }: ApiKey, change: ApiKeyUpdate): Promise<ApiKey> {
  return (await tenant.identity.updateApiKey.execute(await tenant.grantor(caller.token), id, change)).apiKey;
}

const grant = (...scopes: string[]) => ({ grant: ScopeGrant.of(scopes) });
const strong = { grant: ScopeGrant.unrestricted(), expiresAt: null };
const disabledAt = day(-1);

describe('a key grows, up to what its changer has,', () => {
  it.each<[string, Partial<ApiKey>, ApiKeyUpdate]>([
    ['by another scope', grant('a:read'), { scopes: ['a:read', 'a:write'] }],
    ['by scopes instead of others', grant('b:read'), { scopes: ['c:delete'] }],
    ['by a wildcard instead of its parts', grant('c:read'), { scopes: ['c:*'] }],
    ['by a later end', { expiresAt: day(5) }, { expiresAt: day(10) }],
    ['by a later end after its own is over', { expiresAt: day(-5) }, { expiresAt: day(1) }],
    ['by being enabled', { disabledAt }, { isActive: true }],
    ['by being enabled with less', { ...strong, disabledAt }, { isActive: true, scopes: HELD, expiresAt: day(1) }],
    ['by a scope, with an end that is then near enough', grant('a:read'), { scopes: HELD, expiresAt: day(9) }],
  ])('%s', async (_case, fields, change) => {
    const before = await target(fields);
    const after = await update(before, change);
    expect(after).not.toEqual(before);
    expect(await tenant.stored(before)).toEqual(after);
    expect(await tenant.events('escalation.denied')).toEqual([]);
  });
});

describe('a key never grows beyond what its changer has (AZ3):', () => {
  const NOT_HELD = 'api_key.scope_not_held';
  const OUTLIVES = 'api_key.outlives_caller';

  it.each<[string, Partial<ApiKey>, ApiKeyUpdate, string]>([
    ['a scope that it lacks', grant('a:read'), { scopes: ['a:read', 'b:read'] }, NOT_HELD],
    ['a wildcard of which it holds each part', grant('a:read'), { scopes: ['a:*'] }, NOT_HELD],
    ['everything', grant('a:read'), { scopes: ['*'] }, NOT_HELD],
    ['a later end than its own', { expiresAt: day(5) }, { expiresAt: new Date(day(10).getTime() + 1) }, OUTLIVES],
    ['no end', {}, { expiresAt: null }, OUTLIVES],
    // Half of a change must not pay for the other half: the key would have what no one person here has.
    ['an own scope, on top of one that it lacks', grant('b:read'), { scopes: ['b:read', 'a:read'] }, NOT_HELD],
    [
      'an own scope, in a key that lives longer',
      { ...grant('a:read'), expiresAt: day(11) },
      { scopes: HELD },
      OUTLIVES,
    ],
    ['an own scope, in a key without an end', { ...grant('a:read'), expiresAt: null }, { scopes: HELD }, OUTLIVES],
    ['an own scope and no end at once', grant('a:read'), { scopes: HELD, expiresAt: null }, OUTLIVES],
    [
      'a later end of a key that can do more',
      { ...grant('b:read'), expiresAt: day(1) },
      { expiresAt: day(2) },
      NOT_HELD,
    ],
    ['that a key is enabled that can do more', { ...grant('b:read'), disabledAt }, { isActive: true }, NOT_HELD],
    ['that a key is enabled that lives longer', { expiresAt: null, disabledAt }, { isActive: true }, OUTLIVES],
    ['that an unrestricted key is enabled', { ...strong, disabledAt }, { isActive: true }, NOT_HELD],
    [
      'that it is enabled with a part of what it lacks',
      { ...strong, disabledAt },
      { isActive: true, scopes: ['b:read'] },
      NOT_HELD,
    ],
    [
      'that a narrower key lives longer',
      { ...grant('a:read', 'b:read'), expiresAt: day(5) },
      { scopes: ['b:read'], expiresAt: day(6) },
      NOT_HELD,
    ],
  ])('%s', async (_case, fields, change, code) => {
    const before = await target(fields);
    await expect(update(before, { name: 'New', ...change })).rejects.toMatchObject({ code });
    expect(await tenant.stored(before)).toEqual(before);
  });
});

describe('a key that loses something is changed on the word of any key:', () => {
  it.each<[string, ApiKeyUpdate]>([
    ['another name', { name: 'New' }],
    ['fewer scopes', { scopes: ['b:read'] }],
    ['only the scopes of the caller', { scopes: HELD }],
    ['an end that is sooner, though later than that of the caller', { expiresAt: day(100) }],
    ['being disabled', { isActive: false }],
    ['all of it', { name: 'New', scopes: ['b:read'], expiresAt: day(1), isActive: false }],
  ])('%s', async (_case, change) => {
    for (const fields of [strong, { ...strong, ...grant('*') }]) {
      const before = await target(fields);
      expect(await update(before, change)).not.toEqual(before);
    }
  });
});

describe('the policy of the organization', () => {
  beforeEach(() => tenant.setPolicy({ maxLifetimeDays: 30 }));

  const asOwner = async ({ id }: ApiKey, change: ApiKeyUpdate) =>
    tenant.identity.updateApiKey.execute(await tenant.grantor(), id, change);

  it('counts a new end from the creation of the key', async () => {
    const key = await target({});
    tenant.identity.clock.advance(5 * DAY_MS);
    const tooLate = new Date(day(30).getTime() + 1);
    await expect(asOwner(key, { expiresAt: tooLate })).rejects.toMatchObject({ code: 'api_key.policy_violated' });
    await expect(asOwner(key, { expiresAt: null })).rejects.toMatchObject({ code: 'api_key.policy_violated' });
    expect((await asOwner(key, { expiresAt: day(30) })).apiKey.expiresAt).toEqual(day(30));
  });

  it('does not bind a key that keeps the end it has', async () => {
    const key = await target(strong);
    expect((await asOwner(key, { name: 'New', scopes: ['a:read'] })).apiKey).toMatchObject({ expiresAt: null });
  });
});
