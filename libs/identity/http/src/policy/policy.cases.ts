import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { atLeast, atMost, NO_INTEGER } from '../../testing/faults.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const POLICY = '/v1/identity/policy';
const NONE = {
  max_lifetime_days: null,
  expiry_required: false,
  scopes_required: false,
  revoke_unused_after_days: null,
  revoke_descendants: false,
  rate_limit: null,
  quota: null,
};
const REQUIRED = { error: 'bad_request', message: "The organization's policy requires expires_at." };
const TOO_LONG = {
  error: 'bad_request',
  message: "The organization's policy allows keys to live for at most 30 days.",
};

let host: Host;
let tenant: Tenant;

describe('the policy of an organization', () => {
  beforeAll(async () => {
    host = await startHost();
  });

  beforeEach(async () => {
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const get = async (key = tenant.key) => (await send(host, 'GET', POLICY, { key })).body;
  const set = (body: unknown) => send(host, 'PATCH', POLICY, { key: tenant.key, body });

  describe('PATCH /v1/identity/policy', () => {
    it('changes what is sent, keeps the rest, and shows all of it', async () => {
      expect(await get()).toEqual(NONE);
      const steps = [
        { max_lifetime_days: 36_500 },
        { expiry_required: true },
        { revoke_unused_after_days: 1 },
        { scopes_required: true },
        { max_lifetime_days: null, expiry_required: false },
        { rate_limit: { requests: 100, seconds: 60 }, quota: { requests: 5, period: 'day' } },
        { rate_limit: null },
        {},
      ];
      let expected = NONE;
      for (const step of steps) {
        expected = { ...expected, ...step } as typeof NONE;
        const { status, body } = await set(step);
        expect([status, body]).toEqual([200, expected]);
        expect(await get()).toEqual(expected);
      }
    });

    it("is no other organization's policy", async () => {
      const other = await createTenant(host, 'Other');
      await set({ max_lifetime_days: 30, expiry_required: true, scopes_required: true });
      expect(await get(other.key)).toEqual(NONE);
      expect((await create(host, other.key)).status).toBe(201);
    });

    const NO_NUMBER = { type: 'int_type', msg: 'Input should be a valid integer' };
    const NO_FLAG = { type: 'bool_type', msg: 'Input should be a valid boolean' };

    it.each([
      ['max_lifetime_days', 0, atLeast(1)],
      ['max_lifetime_days', 36_501, atMost(36_500)],
      ['max_lifetime_days', 'x', NO_INTEGER],
      ['max_lifetime_days', [], NO_NUMBER],
      ['revoke_unused_after_days', 0, atLeast(1)],
      ['revoke_unused_after_days', 36_501, atMost(36_500)],
      ['expiry_required', null, NO_FLAG],
      ['scopes_required', null, NO_FLAG],
    ])('answers 422 in the shape of FastAPI, and changes nothing: %s %j', async (name, input, fault) => {
      const { status, body } = await set({ expiry_required: true, max_lifetime_days: 5, [name]: input });
      expect([status, body]).toEqual([422, { detail: [{ ...fault, loc: ['body', name], input }] }]);
      expect(await get()).toEqual(NONE);
    });

    it.each([undefined, 'null', '[]'])('answers 422 to a body that is none: %s', async (body) => {
      expect(await set(body)).toMatchObject({ status: 422, body: { detail: [{ loc: ['body'] }] } });
    });
  });

  describe('a policy', () => {
    const update = (id: string, body: object) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body });
    const DAY_30 = '2026-02-01T03:04:05.678Z';
    const LATER = '2026-02-01T03:04:05.679Z';

    it.each([
      [{ expiry_required: true }, { expires_at: undefined }, REQUIRED],
      [{ expiry_required: true }, { expires_at: null }, REQUIRED],
      [{ max_lifetime_days: 30 }, { expires_at: null }, REQUIRED],
      [{ max_lifetime_days: 30 }, { expires_at: LATER }, TOO_LONG],
    ])('%j refuses new keys with %j, the owner’s too', async (policy, body, refusal) => {
      await set(policy);
      const answer = await create(host, tenant.key, { name: 'CI', ...body });
      expect([answer.status, answer.body]).toEqual([400, refusal]);
      expect((await create(host, tenant.key, { name: 'CI', expires_at: DAY_30 })).status).toBe(201);
    });

    it.each([[undefined], [[]]])('may demand scopes of new keys, and tell of mistyped ones: %j', async (scopes) => {
      await set({ scopes_required: true });
      const answer = await create(host, tenant.key, { name: 'CI', scopes, scope: ['a:read'] });
      const message = 'The organization\'s policy requires scopes: name them, or ["*"] for everything.';
      expect([answer.status, answer.body]).toEqual([400, { error: 'bad_request', message }]);
      expect(answer.headers.get('x-ignored-fields')).toBe('scope');
      expect((await create(host, tenant.key, { name: 'CI', scopes: ['a:read'] })).status).toBe(201);
      expect(await update(tenant.apiKey.id, { scopes: [] })).toMatchObject({ status: 400, body: { message } });
    });

    it('counts the life of a key from its creation when its end is moved', async () => {
      const { id } = await created(host, tenant.key, { name: 'CI', expires_at: DAY_30 });
      await set({ max_lifetime_days: 30 });
      const { clock } = host.identity;
      const before = clock.now();
      clock.advance(86_400_000);
      for (const [expires_at, refusal] of [
        [LATER, TOO_LONG],
        [null, REQUIRED],
      ] as const) {
        const { status, body } = await update(id, { expires_at });
        expect([status, body]).toEqual([400, refusal]);
      }
      expect((await update(id, { expires_at: '2026-01-31T00:00:00Z' })).status).toBe(200);
      expect((await update(id, { expires_at: DAY_30 })).status).toBe(200);
      clock.set(before);
    });

    it('leaves keys alone that exist, until their end is changed', async () => {
      const { id } = await created(host, tenant.key, { name: 'endless' });
      await set({ max_lifetime_days: 30, expiry_required: true });
      expect((await update(id, { name: 'renamed', scopes: ['a:read'], is_active: false })).status).toBe(200);
      expect((await update(id, { is_active: true })).status).toBe(200);
      expect((await send(host, 'POST', `${KEYS}/${id}/rotate`, { key: tenant.key })).status).toBe(200);
    });
  });
});
