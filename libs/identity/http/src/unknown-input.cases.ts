import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { created, secretPart } from '../testing/keys.js';
import { KEYS, send, WHOAMI } from '../testing/requests.js';

const POLICY = '/v1/identity/policy';
const AUTHORIZE = '/v1/identity/authorize';
const EVENTS = '/v1/identity/audit-events';

const extra = (source: 'body' | 'query', name: string, input: unknown) => ({
  type: 'extra_forbidden',
  loc: [source, name],
  msg: 'Extra inputs are not permitted',
  input,
});

describe('input that the service does not know is refused, and nothing is done (A3, A4)', () => {
  let host: Host;
  let tenant: Tenant;
  let id: string;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    ({ id } = await created(host, tenant.key, { name: 'CI', scopes: ['a:read'] }));
  });

  afterAll(() => host.app.close());

  const stored = () => [...host.identity.store.apiKeys.values(), ...host.identity.store.organizations.values()];
  const ask = (method: string, path: string, body?: unknown) =>
    send(host, method, path.replace('KEY', id), { key: tenant.key, body });

  it.each([
    ['POST', `${KEYS}/KEY/rotate`, { grace_period: 3600 }],
    ['POST', `${KEYS}/KEY/rotate`, { gracePeriodSeconds: 3600 }],
    ['PATCH', `${KEYS}/KEY`, { isActive: false }],
    ['PATCH', `${KEYS}/KEY`, { expiresAt: '2027-01-01' }],
    ['PATCH', `${KEYS}/KEY`, { scope: ['a:write'] }],
    ['PATCH', `${KEYS}/KEY`, { id: '0198ffff-0000-7000-8000-000000000001' }],
    ['PATCH', POLICY, { max_lifetime: 90 }],
    ['PATCH', POLICY, { organization_id: '0198ffff-0000-7000-8000-000000000001' }],
  ] as const)('%s %s %j', async (method, path, sent) => {
    const before = stored();
    const { status, body } = await ask(method, path, sent);
    const detail = Object.entries(sent).map(([name, input]) => extra('body', name, input));
    expect([status, body]).toEqual([422, { detail }]);
    expect(stored()).toEqual(before);
  });

  it.each([
    ['POST', `${KEYS}/KEY/rotate?grace_period_seconds=3600`, 'grace_period_seconds', '3600'],
    ['PATCH', `${KEYS}/KEY?is_active=false`, 'is_active', 'false'],
    ['GET', `${KEYS}/KEY?include_revoked=true`, 'include_revoked', 'true'],
    ['POST', `${KEYS}/verify?scope=a:write`, 'scope', 'a:write'],
    ['GET', `${POLICY}?organization_id=x`, 'organization_id', 'x'],
    ['PATCH', `${POLICY}?max_lifetime_days=1`, 'max_lifetime_days', '1'],
    ['GET', `${EVENTS}?api_key=KEY`, 'api_key', 'KEY'],
    ['GET', `${EVENTS}?types=api_key.revoked&types=api_key.created`, 'types', ['api_key.revoked', 'api_key.created']],
    ['GET', `${AUTHORIZE}?__proto__=a:write`, '__proto__', 'a:write'],
  ])('%s %s', async (method, path, name, input) => {
    const before = stored();
    const { status, body } = await ask(method, path, method === 'GET' ? undefined : {});
    expect([status, body]).toMatchObject([422, { detail: [extra('query', name, input === 'KEY' ? id : input)] }]);
    expect(stored()).toEqual(before);
  });

  it.each([{ scope: ['a:write'] }, { Scopes: ['a:write'] }, { required_scopes: ['a:write'] }, { apikey: 'junk' }])(
    'POST verify never answers whether a key is good where it has not understood what for: %j',
    async (asked) => {
      const { status, body } = await ask('POST', `${KEYS}/verify`, { key: tenant.key, ...asked });
      const fault = { ...extra('body', Object.keys(asked)[0] ?? '', null), input: undefined };
      expect([status, body]).toEqual([422, { detail: [fault] }]);
    },
  );

  it('repeats no token that somebody has put into the wrong place', async () => {
    for (const [method, path, body] of [
      ['PATCH', `${KEYS}/KEY`, { token: tenant.key }],
      ['PATCH', `${KEYS}/KEY`, { [tenant.key]: 1 }],
      ['PATCH', POLICY, { max_lifetime_days: tenant.key }],
      ['GET', `${AUTHORIZE}?key=${tenant.key}`, undefined],
      ['GET', `${KEYS}/KEY?${tenant.key}`, undefined],
    ] as const) {
      const { status, text } = await ask(method, path, body);
      expect([status, text.includes(secretPart(tenant.key))]).toEqual([422, false]);
      expect(text).toContain('***');
    }
  });

  it('asks who is calling, and what for, before', async () => {
    expect((await send(host, 'GET', `${POLICY}?x=1`)).status).toBe(401);
    const { plain_text_key: key } = await created(host, tenant.key, { name: 'narrow', scopes: ['a:read'] });
    expect((await send(host, 'PATCH', `${POLICY}?x=1`, { key, body: { x: 1 } })).status).toBe(403);
  });

  it.each([
    ['GET', WHOAMI, 200],
    ['GET', KEYS, 200],
    ['POST', KEYS, 201],
    ['DELETE', `${KEYS}/KEY`, 204],
  ])('but for the operations of the Feather API, which ignore it: %s %s', async (method, path, expected) => {
    const body = method === 'POST' ? { name: 'CI', x: 1 } : undefined;
    expect((await ask(method, `${path}?x=1&limit[]=5`, body)).status).toBe(expected);
  });
});
