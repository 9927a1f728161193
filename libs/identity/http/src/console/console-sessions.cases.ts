import { IdentityError, OPERATOR, WriteBehind } from '@feather-identity/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CONSOLE_API,
  cookieIn,
  sendFromConsole,
  SESSION,
  SESSIONS,
  signIn,
  startConsoleHost,
} from '../../testing/console-host.js';
import { createTenant, type Host, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { E401, KEYS, send, type Sent, WHOAMI } from '../../testing/requests.js';

const FOUND = `${CONSOLE_API}${WHOAMI}`;

let host: Host;
let tenant: Tenant;

beforeAll(async () => {
  host = await startConsoleHost();
  tenant = await createTenant(host);
});
afterAll(() => host.app.close());

const ask = (method: string, path: string, sent: Sent & { readonly cookie?: string } = {}) =>
  sendFromConsole(host, method, path, sent);
const statusOf = async (cookie: string, path = FOUND) => (await ask('GET', path, { cookie })).status;

describe('signing in to the console', () => {
  it('by a key opens a session that acts for it', async () => {
    const answer = await ask('POST', SESSIONS, { body: { key: tenant.key } });
    const { organization, apiKey } = tenant;
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.any(String),
        kind: 'tenant',
        scopes: [],
        unrestricted: true,
        organization: { id: organization.id, name: organization.name },
        api_key: { id: apiKey.id, name: apiKey.name, key_prefix: apiKey.keyPrefix },
        created_at: instant,
        last_seen_at: instant,
        expires_at: instant,
      },
    ]);
    const cookie = cookieIn(answer);
    expect((await ask('GET', SESSION, { cookie })).body).toEqual(answer.body);
    const byKey = await send(host, 'GET', WHOAMI, { key: tenant.key });
    const bySession = await ask('GET', FOUND, { cookie });
    expect([bySession.status, bySession.text]).toEqual([200, byKey.text]);
  });

  it('by a link opens one session', async () => {
    const { code } = await host.identity.createConsoleLink.forKey(tenant.apiKey.keyPrefix, OPERATOR);
    const cookie = await signIn(host, { code });
    expect(await statusOf(cookie)).toBe(200);
    const again = await ask('POST', SESSIONS, { body: { code } });
    expect([again.status, again.body, again.headers.get('set-cookie')]).toEqual([401, E401, null]);
  });

  it('that is refused leaves the link as it was, for the next try', async () => {
    const { apiKey, organization } = tenant;
    const { code } = await host.identity.createConsoleLink.forKey(apiKey.keyPrefix, OPERATOR);
    const { size } = host.identity.consoleSessions.sessions;
    const open = async () => (await ask('POST', SESSIONS, { body: { code } })).status;
    const stored = host.identity.store.apiKeys.get(apiKey.id)!;
    host.identity.store.apiKeys.set(apiKey.id, stored.with({ allowedNetworks: ['192.0.2.0/24'] }));
    expect(await open()).toBe(403);
    host.identity.store.apiKeys.set(apiKey.id, stored);
    await host.identity.hostOrganizations.disable(organization.id);
    expect(await open()).toBe(401);
    await host.identity.hostOrganizations.enable(organization.id);
    const insert = jest
      .spyOn(host.identity.consoleSessions, 'insert')
      .mockRejectedValueOnce(new IdentityError('storage.unavailable', 'Later.'));
    expect(await open()).toBe(503);
    insert.mockRestore();
    expect(host.identity.consoleSessions.sessions.size).toBe(size);
    expect([await open(), await open()]).toEqual([201, 401]);
    expect(host.identity.consoleSessions.sessions.size).toBe(size + 1);
  });

  it('keeps the secret in a cookie that no script and no other site can use', async () => {
    const { headers, text } = await ask('POST', SESSIONS, { body: { key: tenant.key } });
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^feather_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(text).not.toContain(cookieIn({ headers } as never).split('=')[1]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['neither', {}],
    ['both', { key: 'x', code: 'y' }],
  ])('wants a key or a code: %s is refused', async (_what, body) => {
    expect(await ask('POST', SESSIONS, { body })).toMatchObject({ status: 400, body: { error: 'bad_request' } });
  });

  it('repeats nothing of what it refuses', async () => {
    const answer = await ask('POST', SESSIONS, { body: { key: 7, token: tenant.key, code: null } });
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain(tenant.key);
  });

  it.each<[string, () => object]>([
    ['an unknown key', () => ({ key: host.identity.format.compose('00000000', 'A'.repeat(32)).reveal() })],
    ['a wrong secret', () => ({ key: host.identity.format.compose(tenant.key.slice(9, 17), 'A'.repeat(32)).reveal() })],
    ['no key at all', () => ({ key: 'hunter2' })],
    ['an unknown operator key', () => ({ key: `fth_operator_${'0'.repeat(46)}` })],
    ['an unknown code', () => ({ code: 'A'.repeat(43) })],
    ['no code at all', () => ({ code: '1' })],
  ])('is refused alike, and no sooner, for %s', async (_what, body) => {
    let fastest = Infinity;
    // One after the other: beside others, an answer without the wait would take as long.
    for (let round = 0; round < 4; round += 1) {
      const began = performance.now();
      const { status, body: refusal, headers } = await ask('POST', SESSIONS, { body: body() });
      fastest = Math.min(fastest, performance.now() - began);
      expect([status, refusal, headers.get('set-cookie')]).toEqual([401, E401, null]);
    }
    expect(fastest).toBeGreaterThan(4.5);
  });

  it('ends the session of the cookie that came along, which somebody else may have planted', async () => {
    const planted = await signIn(host, { key: tenant.key });
    const own = cookieIn(await ask('POST', SESSIONS, { cookie: planted, body: { key: tenant.key } }));
    expect(own).not.toBe(planted);
    expect(await statusOf(planted)).toBe(401);
    expect(await statusOf(own)).toBe(200);
  });

  it('takes no secret for a session that a client has chosen', async () => {
    const chosen = `feather_console=${'A'.repeat(43)}`;
    const own = cookieIn(await ask('POST', SESSIONS, { cookie: chosen, body: { key: tenant.key } }));
    expect(own).not.toBe(chosen);
    expect(await statusOf(chosen)).toBe(401);
  });

  it('is refused to a key that is bound to networks elsewhere', async () => {
    const bound = await created(host, tenant.key, { name: 'bound', allowed_networks: ['203.0.113.0/24'] });
    const refused = await ask('POST', SESSIONS, { body: { key: bound.plain_text_key } });
    expect(refused).toMatchObject({ status: 403, body: { error: 'address_not_allowed' } });
  });
});

describe('a session of the console', () => {
  it('does what its key does: makes, verifies, changes and revokes keys', async () => {
    const cookie = await signIn(host, { key: tenant.key });
    const api = `${CONSOLE_API}${KEYS}`;
    const made = await ask('POST', api, { cookie, body: { name: 'made in the console', scopes: ['orders:read'] } });
    const { id, plain_text_key: key } = made.body as { readonly id: string; readonly plain_text_key: string };
    expect(made).toMatchObject({
      status: 201,
      body: { created_by: { type: 'api_key', api_key_id: tenant.apiKey.id } },
    });
    expect((await ask('POST', `${api}/verify`, { cookie, body: { key } })).body).toMatchObject({ valid: true });
    const changed = await ask('PATCH', `${api}/${id}`, { cookie, body: { name: 'renamed' } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'renamed' } });
    const rotated = await ask('POST', `${api}/${id}/rotate`, { cookie, body: {} });
    expect(rotated.status).toBe(200);
    expect((await ask('DELETE', `${api}/${id}`, { cookie })).status).toBe(204);
  });

  it.each<[string, (key: { readonly id: string }) => unknown]>([
    ['revoked', ({ id }) => send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key })],
    ['disabled', ({ id }) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body: { is_active: false } })],
    [
      'rotated without grace',
      ({ id }) => send(host, 'POST', `${KEYS}/${id}/rotate`, { key: tenant.key, body: { grace_period_seconds: 0 } }),
    ],
  ])('is refused at the next request when its key was %s', async (_what, end) => {
    const key = await created(host, tenant.key);
    const cookie = await signIn(host, { key: key.plain_text_key });
    expect(await statusOf(cookie)).toBe(200);
    await end(key);
    for (const path of [FOUND, SESSION, SESSIONS]) {
      const refused = await ask('GET', path, { cookie });
      expect([path, refused.status, refused.body]).toEqual([path, 401, E401]);
    }
  });

  it('loses what its key loses, at the next request', async () => {
    const key = await created(host, tenant.key, { name: 'narrowed', scopes: ['api_keys:read', 'api_keys:manage'] });
    const cookie = await signIn(host, { key: key.plain_text_key });
    const api = `${CONSOLE_API}${KEYS}`;
    expect((await ask('POST', api, { cookie, body: { name: 'x', scopes: ['api_keys:read'] } })).status).toBe(201);
    await send(host, 'PATCH', `${KEYS}/${key.id}`, { key: tenant.key, body: { scopes: ['api_keys:read'] } });
    expect((await ask('POST', api, { cookie, body: { name: 'x', scopes: ['api_keys:read'] } })).status).toBe(403);
    expect(await statusOf(cookie, api)).toBe(200);
    expect((await ask('GET', SESSION, { cookie })).body).toMatchObject({ scopes: ['api_keys:read'] });
  });

  it('is refused where its key may not be used by now, and may sign out there', async () => {
    const key = await created(host, tenant.key);
    const cookie = await signIn(host, { key: key.plain_text_key });
    const body = { allowed_networks: ['203.0.113.0/24'] };
    await send(host, 'PATCH', `${KEYS}/${key.id}`, { key: tenant.key, body });
    for (const path of [FOUND, SESSION, SESSIONS]) expect(await statusOf(cookie, path)).toBe(403);
    expect((await ask('DELETE', `${SESSIONS}/${key.id}`, { cookie })).status).toBe(403);
    expect((await ask('DELETE', SESSION, { cookie })).status).toBe(204);
  });

  it('leaves no use of its key', async () => {
    const key = await created(host, tenant.key);
    const cookie = await signIn(host, { key: key.plain_text_key });
    await host.app.get(WriteBehind).flush();
    const used = async () => {
      const { body } = await send(host, 'GET', `${KEYS}/${key.id}`, { key: tenant.key });
      const { last_used_at, last_used_from, usage_30d } = body as Record<string, unknown>;
      return { last_used_at, last_used_from, usage_30d };
    };
    const before = await used();
    // Signing in was one.
    expect(before).toMatchObject({ last_used_at: expect.any(String), usage_30d: { accepted: 0, refused: 0 } });
    host.identity.clock.advance(3_600_000);
    expect(await statusOf(cookie)).toBe(200);
    await host.app.get(WriteBehind).flush();
    expect(await used()).toEqual(before);
  });

  it('cannot lower the counts of its key by what is refused after it was admitted', async () => {
    const key = await created(host, tenant.key, { name: 'gateway', scopes: ['api_keys:read'] });
    expect((await send(host, 'GET', WHOAMI, { key: key.plain_text_key })).status).toBe(200);
    const cookie = await signIn(host, { key: key.plain_text_key });
    expect(await statusOf(cookie, `${CONSOLE_API}/v1/identity/authorize?scope=orders:read`)).toBe(403);
    await host.app.get(WriteBehind).flush();
    const { body } = await send(host, 'GET', `${KEYS}/${key.id}`, { key: tenant.key });
    expect(body).toMatchObject({ usage_30d: { accepted: 1, refused: 0 } });
  });

  it('is listed with the others of its key, and ended by them', async () => {
    const key = (await created(host, tenant.key)).plain_text_key;
    const [one, other] = [await signIn(host, { key }), await signIn(host, { key })];
    const { body } = await ask('GET', SESSIONS, { cookie: one });
    const { data } = body as { readonly data: readonly { readonly id: string; readonly current: boolean }[] };
    expect(data.map(({ current }) => current)).toEqual([false, true]);
    const others = `${SESSIONS}/${data[0]?.id ?? ''}`;
    expect((await ask('DELETE', others, { cookie: one })).status).toBe(204);
    expect(await statusOf(other)).toBe(401);
    expect((await ask('DELETE', others, { cookie: one })).status).toBe(404);
    expect((await ask('DELETE', `${SESSIONS}/nonsense`, { cookie: one })).status).toBe(422);
  });

  it('signs out for good, and clears its cookie', async () => {
    const cookie = await signIn(host, { key: tenant.key });
    const answer = await ask('DELETE', SESSION, { cookie });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      'feather_console=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
    expect(await statusOf(cookie)).toBe(401);
    expect((await ask('DELETE', SESSION, { cookie })).status).toBe(401);
  });
});

describe('a session of an operator', () => {
  const OPERATOR_API = `${CONSOLE_API}/v1/operator`;

  it('opened by a link works without any operator key, and the API stays off for everybody else', async () => {
    const { code } = await host.identity.createConsoleLink.forOperator({ ...OPERATOR, name: 'ada' });
    const cookie = await signIn(host, { code });
    expect((await ask('GET', SESSION, { cookie })).body).toMatchObject({
      kind: 'operator',
      unrestricted: true,
      organization: null,
      api_key: null,
    });
    const name = 'Made in the console';
    const made = await ask('POST', `${OPERATOR_API}/organizations`, { cookie, body: { name } });
    expect(made.status).toBe(201);
    const events = await ask('GET', `${OPERATOR_API}/audit-events?limit=1`, { cookie });
    expect(events.body).toMatchObject({
      items: [{ type: 'organization.created', actor_type: 'operator', actor_name: 'ada', actor_api_key_id: null }],
    });
    expect((await ask('GET', `${OPERATOR_API}/organizations`)).status).toBe(404);
    expect((await send(host, 'GET', '/v1/operator/organizations', { headers: { cookie } })).status).toBe(404);
    // It belongs to no organization.
    expect(await statusOf(cookie)).toBe(401);
  });

  it('opened by an operator key has its scopes until it is revoked', async () => {
    const { manageOperatorKeys } = host.identity;
    const wanted = { name: 'auditor', scopes: ['audit:read'] };
    const { operatorKey, token } = await manageOperatorKeys.create(wanted, OPERATOR);
    const cookie = await signIn(host, { key: token.reveal() });
    expect((await ask('GET', SESSION, { cookie })).body).toMatchObject({
      kind: 'operator',
      scopes: ['audit:read'],
      api_key: { id: operatorKey.id, name: 'auditor', key_prefix: operatorKey.keyPrefix },
    });
    expect(await statusOf(cookie, `${OPERATOR_API}/audit-events`)).toBe(200);
    expect(await statusOf(cookie, `${OPERATOR_API}/organizations`)).toBe(403);
    await manageOperatorKeys.revoke(operatorKey, OPERATOR);
    expect(await statusOf(cookie, `${OPERATOR_API}/audit-events`)).toBe(401);
  });
});

describe('limits', () => {
  const LIMIT = 4;
  let limited: Host;

  beforeEach(async () => {
    limited = await startConsoleHost({ identity: { failuresPerMinute: LIMIT, requestsPerMinute: LIMIT } });
  });
  afterEach(() => limited.app.close());

  it('of failures count what fails to sign in, together with wrong keys', async () => {
    const { key } = await createTenant(limited);
    const fail = (body: object) => sendFromConsole(limited, 'POST', SESSIONS, { body });
    for (const body of [{ key: 'a' }, { code: 'b' }]) expect((await fail(body)).status).toBe(401);
    for (const wrong of ['c', 'd']) expect((await send(limited, 'GET', WHOAMI, { key: wrong })).status).toBe(401);
    expect(await fail({ code: 'e' })).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
    expect((await send(limited, 'GET', WHOAMI, { key: 'f' })).status).toBe(429);
    expect((await fail({ key })).status).toBe(201);
  });

  it('of organizations count signing in and what a session sends', async () => {
    const { key } = await createTenant(limited);
    const cookie = await signIn(limited, { key });
    for (let count = 1; count < LIMIT; count += 1) {
      expect((await sendFromConsole(limited, 'GET', FOUND, { cookie })).status).toBe(200);
    }
    expect((await sendFromConsole(limited, 'GET', FOUND, { cookie })).status).toBe(429);
    expect((await sendFromConsole(limited, 'POST', SESSIONS, { body: { key } })).status).toBe(429);
  });

  it('of sign-ins are 30 a minute for each key, since each writes to the audit log', async () => {
    const [one, other] = [await created(host, tenant.key), await created(host, tenant.key)];
    const opened = async (key: string) => (await ask('POST', SESSIONS, { body: { key } })).status;
    for (let count = 0; count < 30; count += 1) expect(await opened(one.plain_text_key)).toBe(201);
    expect([await opened(one.plain_text_key), await opened(other.plain_text_key)]).toEqual([429, 201]);
    host.identity.clock.advance(60_000);
    expect(await opened(one.plain_text_key)).toBe(201);
  });

  it('of a key count what its sessions send: they may do no more than it', async () => {
    const { key } = await createTenant(host);
    const bound = await created(host, key, { name: 'bound', rate_limit: { requests: 2, seconds: 60 } });
    const cookie = await signIn(host, { key: bound.plain_text_key });
    const answer = await ask('GET', FOUND, { cookie });
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, expect.stringMatching(/^"key";r=0;/)]);
    for (const path of [FOUND, SESSION, SESSIONS]) expect(await statusOf(cookie, path)).toBe(429);
  });
});
