import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '../../domain/api-key.js';
import { ORIGIN, Tenant, type HeldApiKey } from '../../testing/tenant.js';
import { grantorOf, operatorGrantor } from './grantor.js';
import type { WantedBounds } from './key-bounds.js';

const OWN: WantedBounds = {
  rateLimit: { requests: 100, seconds: 60 },
  quota: { requests: 3100, period: 'month' },
  allowedNetworks: ['192.0.2.0/24', '2001:db8::/32'],
};
const NARROWER: WantedBounds = {
  rateLimit: { requests: 50, seconds: 60 },
  quota: { requests: 100, period: 'day' },
  allowedNetworks: ['192.0.2.7'],
};
const WIDER: readonly (readonly [string, WantedBounds])[] = [
  ['api_key.limit_exceeds_caller', { rateLimit: null }],
  ['api_key.limit_exceeds_caller', { rateLimit: { requests: 101, seconds: 60 } }],
  ['api_key.limit_exceeds_caller', { rateLimit: { requests: 100, seconds: 30 } }],
  ['api_key.limit_exceeds_caller', { quota: null }],
  ['api_key.limit_exceeds_caller', { quota: { requests: 101, period: 'day' } }],
  ['api_key.network_not_held', { allowedNetworks: null }],
  ['api_key.network_not_held', { allowedNetworks: ['192.0.2.7', '192.0.3.7'] }],
];
const boundsOf = ({ rateLimit, quota, allowedNetworks }: ApiKey) => ({ rateLimit, quota, allowedNetworks });
const NONE = { rateLimit: null, quota: null, allowedNetworks: null };

let tenant: Tenant;
let bound: HeldApiKey;

beforeEach(async () => {
  tenant = await Tenant.create();
  bound = await tenant.issue({ name: 'bound', ...OWN });
});

const issueBy = async (token: string, wanted: WantedBounds = {}) =>
  (await tenant.identity.issueApiKey.execute(await tenant.grantor(token), { name: 'CI', ...wanted })).apiKey;

describe('a new key', () => {
  it('has the limits and networks that it was given, and its event names them', async () => {
    expect(boundsOf(bound.apiKey)).toEqual(OWN);
    expect(await tenant.stored(bound.apiKey)).toEqual(bound.apiKey);
    await tenant.issue();
    const events = await tenant.events('api_key.created');
    expect(events[0]?.changes).toMatchObject({
      rate_limit: '100/60',
      quota: '3100/month',
      allowed_networks: OWN.allowedNetworks,
    });
    expect(Object.keys(events[1]?.changes ?? {})).toEqual(['name', 'scopes', 'expires_at']);
  });

  it('inherits those of the key that makes it, unless it is given narrower ones', async () => {
    expect(boundsOf(await issueBy(bound.token))).toEqual(OWN);
    expect(boundsOf(await issueBy(bound.token, NARROWER))).toEqual(NARROWER);
  });

  it.each(WIDER)('never gets more than the key that makes it has: %s %j', async (code, wanted) => {
    await expect(issueBy(bound.token, wanted)).rejects.toMatchObject({ code });
    expect(await tenant.events('escalation.denied')).toHaveLength(1);
  });

  it("has the policy's limits by default, where they are narrower", async () => {
    const byDefault = { rateLimit: { requests: 10, seconds: 60 }, quota: { requests: 9999, period: 'day' } } as const;
    tenant.setPolicy(byDefault);
    expect(boundsOf(await issueBy(tenant.owner.token))).toEqual({ ...NONE, ...byDefault });
    expect(boundsOf(await issueBy(bound.token))).toEqual({ ...OWN, rateLimit: byDefault.rateLimit });
    expect(boundsOf(await issueBy(tenant.owner.token, { rateLimit: null, quota: null }))).toEqual(NONE);
  });

  it.each<[string, WantedBounds]>([
    ['api_key.limit_invalid', { rateLimit: { requests: 0, seconds: 60 } }],
    ['api_key.limit_invalid', { quota: { requests: 0, period: 'day' } }],
    ['api_key.networks_invalid', { allowedNetworks: ['localhost'] }],
  ])('is refused with limits that are none: %s', async (code, wanted) => {
    await expect(issueBy(tenant.owner.token, wanted)).rejects.toMatchObject({ code });
  });
});

describe('a change of a key', () => {
  const update = async (token: string, { id }: Pick<ApiKey, 'id'>, change: object) =>
    (await tenant.identity.updateApiKey.execute(await tenant.grantor(token), id, change)).apiKey;

  it('gives it other limits and networks, or takes them away, and its event names what changed', async () => {
    const { owner } = tenant;
    expect(boundsOf(await update(owner.token, bound.apiKey, NARROWER))).toEqual(NARROWER);
    expect(boundsOf(await update(owner.token, bound.apiKey, { quota: null, allowedNetworks: null }))).toEqual({
      ...NONE,
      rateLimit: NARROWER.rateLimit,
    });
    expect((await tenant.events('api_key.updated')).map(({ changes }) => changes)).toEqual([
      { rate_limit: '50/60', quota: '100/day', allowed_networks: ['192.0.2.7'] },
      { quota: null, allowed_networks: null },
    ]);
  });

  it('that says what is so already is none', async () => {
    await update(tenant.owner.token, bound.apiKey, { ...OWN, allowedNetworks: ['192.0.2.9/24', '2001:DB8::/32'] });
    expect(await tenant.events('api_key.updated')).toEqual([]);
  });

  it.each(WIDER)('gives no key more than the caller has, itself included: %s %j', async (code, wanted) => {
    const other = await issueBy(bound.token);
    for (const key of [other, bound.apiKey]) {
      await expect(update(bound.token, key, wanted)).rejects.toMatchObject({ code });
    }
    expect(await tenant.stored(other)).toEqual(other);
  });

  it('may narrow any key, and rename one that has more', async () => {
    const { apiKey: free } = await tenant.issue({ name: 'free' });
    expect((await update(bound.token, free, { name: 'renamed' })).name).toBe('renamed');
    await expect(update(bound.token, free, { scopes: [] })).resolves.toBeDefined();
    expect((await update(bound.token, free, { rateLimit: { requests: 500, seconds: 1 } })).rateLimit?.requests).toBe(
      500,
    );
  });

  it('does not enable a key that has more than the caller, nor does the caller get its new token', async () => {
    const { apiKey: free } = await tenant.issue({ name: 'free' });
    const code = 'api_key.limit_exceeds_caller';
    await expect(
      tenant.identity.rotateApiKey.execute(await tenant.grantor(bound.token), free.id, 0),
    ).rejects.toMatchObject({ code });
    await update(tenant.owner.token, free, { isActive: false });
    await expect(update(bound.token, free, { isActive: true })).rejects.toMatchObject({ code });
    await expect(
      tenant.identity.rotateApiKey.execute(await tenant.grantor(bound.token), bound.apiKey.id, 0),
    ).resolves.toBeDefined();
  });

  it('binds the operator by nothing', async () => {
    const grantor = operatorGrantor(tenant.member);
    const { apiKey } = await tenant.identity.updateApiKey.execute(grantor, bound.apiKey.id, { ...NONE });
    expect(boundsOf(apiKey)).toEqual(NONE);
  });
});

describe('networks without the address of who sets them', () => {
  const elsewhere = ['198.51.100.0/24'];
  const change = async (
    change: object,
    sourceAddress: string | null = ORIGIN.sourceAddress,
    key = tenant.owner.apiKey,
  ) => {
    const caller = await tenant.identity.verifyApiKey.execute(tenant.owner.token);
    return tenant.identity.updateApiKey.execute(grantorOf(caller, { requestId: null, sourceAddress }), key.id, change);
  };

  it.each([ORIGIN.sourceAddress, null, ''])(
    'are refused for the own key, unless they are confirmed: %p',
    async (address) => {
      const code = 'api_key.locks_out';
      await expect(change({ allowedNetworks: elsewhere }, address)).rejects.toMatchObject({ code });
      expect((await tenant.stored(tenant.owner.apiKey)).allowedNetworks).toBeNull();
      await change({ allowedNetworks: elsewhere, confirm: true }, address);
      expect((await tenant.stored(tenant.owner.apiKey)).allowedNetworks).toEqual(elsewhere);
    },
  );

  it('are taken for other keys, and for the own key with its address', async () => {
    await change({ allowedNetworks: elsewhere }, ORIGIN.sourceAddress, bound.apiKey);
    await change({ allowedNetworks: ['192.0.2.0/24'] });
    await change({ name: 'renamed' }, null);
  });
});
