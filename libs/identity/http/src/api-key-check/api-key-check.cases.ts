import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WriteBehind, ScopeGrant } from '@feather-identity/core';
import { disable } from '../../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith, rotated } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

describe('POST /v1/identity/api-keys/verify', () => {
  let host: Host;
  let tenant: Tenant;
  let verifier: string;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    verifier = await keyWith(host, tenant.key, 'api_keys:verify');
  });

  afterAll(() => host.app.close());

  const check = (key: string, scopes?: readonly string[]) =>
    send(host, 'POST', `${KEYS}/verify`, { key: verifier, body: { key, scopes } });
  const make = (body: object = {}) => created(host, tenant.key, { name: 'CI', scopes: ['a:read', 'b:*'], ...body });
  const revoke = (id: string) => send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
  const shownOf = async (id: string) => {
    const { body } = await send(host, 'GET', `${KEYS}?include_revoked=true`, { key: tenant.key });
    const found = (body as Record<string, unknown>[]).find((key) => key['id'] === id);
    const { revoked_at, usage_30d, last_used_from, ...shown } = found!;
    for (const field of [revoked_at, usage_30d, last_used_from]) expect(field).toBeDefined();
    return shown;
  };

  it('answers what a good key is, and whose', async () => {
    const { id, plain_text_key: key } = await make();
    const { status, headers, body } = await check(key);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      valid: true,
      api_key: await shownOf(id),
      organization_id: tenant.organization.id,
      caller: (await send(host, 'GET', WHOAMI, { key })).body,
      unrestricted: false,
      valid_until: null,
    });
  });

  it('tells a key that may do everything from one that may do nothing: both show no scopes', async () => {
    const { plain_text_key: key } = await created(host, tenant.key, { name: 'everything' });
    expect((await check(key)).body).toMatchObject({ api_key: { scopes: [] }, unrestricted: true });
    const { id, plain_text_key: closed } = await make();
    const stored = host.identity.store.apiKeys.get(id)!;
    host.identity.store.apiKeys.set(id, stored.with({ grant: ScopeGrant.of([]) }));
    expect((await check(closed)).body).toMatchObject({ api_key: { scopes: [] }, unrestricted: false });
  });

  it('tells until when a key is good, or its secret where that ends before', async () => {
    const { id, plain_text_key: key } = await make({ expires_at: '2027-01-01T00:00:00Z' });
    expect((await check(key)).body).toMatchObject({ valid_until: '2027-01-01T00:00:00Z' });
    const { previous_secret_expires_at: end } = await rotated(host, tenant.key, id, { grace_period_seconds: 60 });
    expect((await check(key)).body).toMatchObject({
      valid_until: end,
      api_key: { expires_at: '2027-01-01T00:00:00Z' },
    });
  });

  it.each([[[]], [['a:read']], [['b:read', 'b:anything', 'a:read', 'a:read']]])(
    'answers that a key holds %j',
    async (scopes) => {
      expect((await check((await make()).plain_text_key, scopes)).body).toMatchObject({ valid: true });
    },
  );

  it('answers what a key lacks', async () => {
    const { id, plain_text_key: key } = await make();
    expect((await check(key, ['a:read', 'a:write', 'B:read'])).body).toEqual({
      valid: false,
      reason: 'insufficient_scope',
      api_key: await shownOf(id),
      organization_id: tenant.organization.id,
      missing_scopes: ['a:write', 'B:read'],
    });
  });

  it.each(['revoked', 'disabled', 'expired', 'rotated'] as const)(
    'answers why a key is not accepted any more, whatever scopes it holds: %s',
    async (reason) => {
      const made = await make({ expires_at: new Date(host.identity.clock.now().getTime() + 1).toISOString() });
      if (reason === 'revoked') await revoke(made.id);
      if (reason === 'disabled') await disable(host, tenant, made);
      if (reason === 'expired') host.identity.clock.advance(1);
      if (reason === 'rotated') await rotated(host, tenant.key, made.id);
      expect((await check(made.plain_text_key, ['z:z'])).body).toEqual({
        valid: false,
        reason,
        api_key: await shownOf(made.id),
        organization_id: tenant.organization.id,
      });
    },
  );

  it('answers the reason that can be helped least: revoked before disabled before expired before rotated', async () => {
    const made = await make({ expires_at: new Date(host.identity.clock.now().getTime() + 1).toISOString() });
    const reason = async () => ((await check(made.plain_text_key)).body as { reason: string }).reason;
    await rotated(host, tenant.key, made.id);
    expect(await reason()).toBe('rotated');
    host.identity.clock.advance(1);
    expect(await reason()).toBe('expired');
    await disable(host, tenant, made);
    expect(await reason()).toBe('disabled');
    await revoke(made.id);
    expect(await reason()).toBe('revoked');
  });

  it('answers yes to an earlier secret in its grace period', async () => {
    const made = await make();
    const { plain_text_key: next } = await rotated(host, tenant.key, made.id, { grace_period_seconds: 1 });
    const valid = async (key: string) => ((await check(key)).body as { valid: boolean }).valid;
    expect([await valid(made.plain_text_key), await valid(next)]).toEqual([true, true]);
    host.identity.clock.advance(1000);
    expect([await valid(made.plain_text_key), await valid(next)]).toEqual([false, true]);
  });

  it('records the use of a good key, and of no other', async () => {
    const [good, weak, disabled] = [await make(), await make(), await make()];
    await disable(host, tenant, disabled);
    await check(good.plain_text_key, ['a:read']);
    await check(weak.plain_text_key, ['c:read']);
    await check(disabled.plain_text_key);
    await host.app.get(WriteBehind).flush();
    const lastUses = [good, weak, disabled].map(({ id }) => host.identity.store.apiKeys.get(id)?.lastUsedAt);
    expect(lastUses).toEqual([host.identity.clock.now(), null, null]);
  });

  it('makes no key of a checked one: whoever asks needs a key of their own', async () => {
    const { plain_text_key: key } = await make({ scopes: ['a:read'] });
    expect((await send(host, 'POST', `${KEYS}/verify`, { body: { key: verifier } })).status).toBe(401);
    expect((await send(host, 'POST', `${KEYS}/verify`, { key, body: { key: verifier } })).status).toBe(403);
  });
});
