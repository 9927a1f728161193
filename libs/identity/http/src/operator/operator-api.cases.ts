import { AddressRefusals, OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdentityModule, OperatorAuthentication } from '../index.js';
import { createTenant, type Host, type HostOptions, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { E401, KEYS, send, type Sent, sendRaw, WHOAMI } from '../../testing/requests.js';

const OPERATOR_API = '/v1/operator';
const ORGANIZATIONS = `${OPERATOR_API}/organizations`;

type Fields = Readonly<Record<string, unknown>>;

/** An application that mounts the operator API and guards it before bodies are read, or as any application does. */
const startOperatorHost = (isHooked = true, options: HostOptions = {}): Promise<Host> =>
  startHost({
    ...options,
    importIdentity: (given) => IdentityModule.forRoot({ ...given, operatorApi: true }),
    configure: (app) => {
      if (isHooked) app.get(OperatorAuthentication).protect(app);
    },
  });

const operatorKey = async ({ identity }: Host, scopes: readonly string[] | null = null): Promise<string> =>
  (await identity.manageOperatorKeys.create({ name: 'billing', scopes }, OPERATOR)).token.reveal();

describe('the operator API', () => {
  let host: Host;
  let key: string;

  beforeAll(async () => {
    host = await startOperatorHost();
    key = await operatorKey(host);
  });

  afterAll(() => host.app.close());

  const ask = (method: string, path: string, sent: Sent = {}) => send(host, method, path, { key, ...sent });
  const signUp = async (body: Fields = { name: 'Acme' }) =>
    (await ask('POST', ORGANIZATIONS, { body })).body as {
      readonly organization: { readonly id: string };
      readonly owner: { readonly id: string };
      readonly api_key?: { readonly id: string; readonly key_prefix: string; readonly plain_text_key: string };
    };
  const eventsOf = async (id: string) =>
    ((await ask('GET', `${OPERATOR_API}/audit-events?organization_id=${id}`)).body as { items: Fields[] }).items;

  it('signs an organization up to its first key in one call, which its owner can use', async () => {
    const owner = { owner_external_id: 'user_1', owner_email: 'ada@example.com', owner_display_name: 'Ada' };
    const body = { name: 'Acme', ...owner, first_key_scopes: ['orders:read'], first_key_name: 'shop' };
    const answer = await ask('POST', ORGANIZATIONS, { body });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        organization: { name: 'Acme', is_active: true, disabled_at: null },
        owner: { clerk_user_id: 'user_1', email: 'ada@example.com', display_name: 'Ada', role: 'org:admin' },
        api_key: { name: 'shop', scopes: ['orders:read'], unrestricted: false },
      },
    });
    const { api_key: firstKey, organization } = answer.body as Awaited<ReturnType<typeof signUp>>;
    const whoami = await send(host, 'GET', WHOAMI, { key: firstKey?.plain_text_key ?? '' });
    expect(whoami).toMatchObject({ status: 200, body: { organization_id: organization.id, clerk_user_id: 'user_1' } });
    expect(await eventsOf(organization.id)).toMatchObject([
      { type: 'organization.created', actor_type: 'operator', actor_name: 'billing', api_key_id: firstKey?.id },
    ]);
  });

  it.each<[number, Fields, string]>([
    [422, {}, 'Field required'],
    [422, { name: 7 }, 'Input should be a valid string'],
    [422, { name: 'Acme', first_key_scopes: [] }, 'List should have at least 1 item after validation, not 0'],
    [422, { name: 'Acme', first_key_name: 'CI' }, '"loc":["body","first_key_scopes"]'],
    [422, { name: 'Acme', first_key_expires_at: '2099-01-01T00:00:00Z' }, '"loc":["body","first_key_scopes"]'],
    [422, { name: 'Acme', owner: 'ada' }, 'Extra inputs are not permitted'],
    [400, { name: 'Acme', first_key_scopes: ['orders'] }, 'has no \\":\\"'],
    [400, { name: 'Acme', first_key_scopes: ['*'], first_key_expires_at: '2020-01-01T00:00:00Z' }, 'in the future'],
    [400, { name: 'A\0' }, 'The name of an organization'],
    [400, { name: 'Acme', owner_email: 'a\0b' }, 'The email of a member'],
  ])('leaves nothing of a sign-up that fails with %i: %j', async (status, body, text) => {
    const before = await host.identity.listOrganizations.execute();
    const answer = await ask('POST', ORGANIZATIONS, { body });
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
    expect(await host.identity.listOrganizations.execute()).toEqual(before);
    expect(host.identity.store.members.size).toBe(before.length);
  });

  it('lists organizations in pages, finds them by name, renames, disables and enables them', async () => {
    const { organization, api_key: firstKey } = await signUp({ name: 'Zebra 1', first_key_scopes: ['*'] });
    await signUp({ name: 'zebra 2' });
    const first = await ask('GET', `${ORGANIZATIONS}?search=ZEBRA&limit=1`);
    expect(first.body).toMatchObject({ items: [{ name: 'zebra 2' }], has_more: true });
    const { next_cursor: cursor } = first.body as { next_cursor: string };
    const second = await ask('GET', `${ORGANIZATIONS}?search=ZEBRA&limit=1&cursor=${cursor}`);
    expect(second.body).toMatchObject({ items: [{ id: organization.id }], has_more: false, next_cursor: null });
    const path = `${ORGANIZATIONS}/${organization.id}`;
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { name: 'Zebra 1' } });
    const token = firstKey?.plain_text_key ?? '';
    const changed = await ask('PATCH', path, { body: { name: 'Quagga', is_active: false } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Quagga', is_active: false } });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(401);
    await ask('PATCH', path, { body: { is_active: true } });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(200);
  });

  it('deletes an organization only when asked twice, and keeps its audit log', async () => {
    const { organization, api_key: firstKey } = await signUp({ name: 'Gone', first_key_scopes: ['*'] });
    const path = `${ORGANIZATIONS}/${organization.id}`;
    const token = firstKey?.plain_text_key ?? '';
    const planned = await ask('DELETE', path);
    expect(planned).toMatchObject({ status: 200, body: { deleted: false, members: 1, api_keys: 1 } });
    const { confirm } = planned.body as { confirm: string };
    const misplaced = await ask('DELETE', path, { body: { confirm } });
    expect(misplaced).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'confirm'] }] } });
    await created(host, token, { name: 'one more' });
    expect(await ask('DELETE', `${path}?confirm=${confirm}`)).toMatchObject({
      status: 409,
      body: { error: 'conflict' },
    });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(200);
    const { confirm: again } = (await ask('DELETE', path)).body as { confirm: string };
    const deleted = await ask('DELETE', `${path}?confirm=${again}`);
    expect(deleted).toMatchObject({
      status: 200,
      body: { deleted: true, members: 1, api_keys: 2, confirm: null },
    });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(401);
    expect(await ask('GET', path)).toMatchObject({ status: 404, body: { error: 'not_found' } });
    const types = (await eventsOf(organization.id)).map(({ type }) => type);
    expect(types).toEqual(['organization.deleted', 'api_key.created', 'organization.created']);
  });

  it('adds, lists, changes and removes members, whose keys stop at the next request', async () => {
    const { organization, owner, api_key: firstKey } = await signUp({ name: 'Team', first_key_scopes: ['*'] });
    const members = `${ORGANIZATIONS}/${organization.id}/members`;
    const added = await ask('POST', members, { body: { external_id: 'user_2', email: 'grace@example.com' } });
    expect(added).toMatchObject({
      status: 201,
      body: { clerk_user_id: 'user_2', role: 'org:member', is_active: true },
    });
    expect((await ask('POST', members, { body: { external_id: 'user_2' } })).status).toBe(409);
    const { id } = added.body as { id: string };
    const listed = await ask('GET', `${members}?limit=1`);
    expect(listed.body).toMatchObject({ items: [{ id }], has_more: true });
    expect((await ask('GET', `${members}?external_id=owner`)).body).toMatchObject({ items: [{ id: owner.id }] });
    expect(await ask('GET', `${members}/${id}`)).toMatchObject({ status: 200, body: { email: 'grace@example.com' } });
    const changed = await ask('PATCH', `${members}/${id}`, { body: { email: null, role: 'org:admin' } });
    expect(changed).toMatchObject({ status: 200, body: { email: null, role: 'org:admin' } });

    const token = firstKey?.plain_text_key ?? '';
    await ask('PATCH', `${members}/${owner.id}`, { body: { is_active: false } });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(401);
    await ask('PATCH', `${members}/${owner.id}`, { body: { is_active: true } });
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(200);
    expect((await ask('DELETE', `${members}/${owner.id}`)).status).toBe(204);
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(401);
    expect((await ask('DELETE', `${members}/${owner.id}`)).status).toBe(404);
    const types = (await eventsOf(organization.id)).map(({ type }) => type);
    expect(types.slice(0, 5)).toEqual([
      'member.removed',
      'member.enabled',
      'member.disabled',
      'member.updated',
      'member.created',
    ]);
  });

  it('finds the key of any organization by its public part and by a token, lists and revokes keys', async () => {
    const { organization, owner, api_key: firstKey } = await signUp({ name: 'Leaky', first_key_scopes: ['*'] });
    const { id = '', key_prefix: prefix = '', plain_text_key: token = '' } = firstKey ?? {};
    const found = { organization: { id: organization.id }, member_id: owner.id, api_key: { id }, key_prefix: prefix };
    expect(await ask('GET', `${OPERATOR_API}/api-keys?key_prefix=${prefix}`)).toMatchObject({
      status: 200,
      body: { items: [{ ...found, whole_token_matches: null }] },
    });
    const byToken = await ask('POST', `${OPERATOR_API}/api-keys/find`, { body: { token } });
    expect(byToken).toMatchObject({ status: 200, body: { items: [{ ...found, whole_token_matches: true }] } });
    expect((await ask('GET', `${OPERATOR_API}/api-keys?key_prefix=${token}`)).status).toBe(422);
    const none = await ask('GET', `${OPERATOR_API}/api-keys?key_prefix=fth_test_00000000`);
    expect(none).toMatchObject({ status: 200, body: { items: [] } });

    expect((await ask('GET', `${OPERATOR_API}/api-keys?key_prefix=${prefix.slice(0, -1)}`)).status).toBe(422);

    const keys = `${ORGANIZATIONS}/${organization.id}/api-keys`;
    const other = await created(host, token, { name: 'other' });
    const page = await ask('GET', `${keys}?limit=1`);
    expect(page.body).toMatchObject({ items: [{ id: other.id, revoked_at: null }], has_more: true });
    expect((await ask('DELETE', `${keys}/${id}`)).status).toBe(204);
    expect((await send(host, 'GET', WHOAMI, { key: token })).status).toBe(401);
    expect((await ask('GET', keys)).body).toMatchObject({ items: [{ id: other.id }], has_more: false });
    expect((await ask('DELETE', `${keys}/${id}`)).status).toBe(404);
    // Another organization's key is not in this one.
    const theirs = await signUp({ name: 'Others', first_key_scopes: ['*'] });
    expect((await ask('DELETE', `${keys}/${theirs.api_key?.id ?? ''}`)).status).toBe(404);
  });

  it('tells of a leaked operator key which one it is', async () => {
    const wanted = { name: 'leaked', scopes: ['audit:read'] };
    const { operatorKey, token } = await host.identity.manageOperatorKeys.create(wanted, OPERATOR);
    const { id, keyPrefix } = operatorKey;
    const found = { id, name: 'leaked', key_prefix: keyPrefix, expires_at: null, revoked_at: null };
    const body = { token: token.reveal() };
    const byToken = await ask('POST', `${OPERATOR_API}/api-keys/find`, { body });
    expect(byToken).toMatchObject({ status: 200, body: { items: [], operator_key: found } });
    const byPrefix = await ask('GET', `${OPERATOR_API}/api-keys?key_prefix=${keyPrefix}`);
    expect(byPrefix.body).toEqual({ items: [], operator_key: found });
    expect((await ask('POST', `${OPERATOR_API}/api-keys/find`, { body: { token: 'x' } })).body).toEqual({ items: [] });
  });

  it('verifies keys of all organizations, and says whose they are', async () => {
    const verify = async (body: Fields) => (await ask('POST', `${OPERATOR_API}/api-keys/verify`, { body })).body;
    for (const name of ['One', 'Two']) {
      const { organization, api_key: firstKey } = await signUp({ name, first_key_scopes: ['orders:read'] });
      const question = { key: firstKey?.plain_text_key ?? '' };
      const known = { organization_id: organization.id, api_key: { id: firstKey?.id } };
      expect(await verify(question)).toMatchObject({
        valid: true,
        ...known,
        caller: { organization_id: organization.id },
      });
      const missing = { valid: false, reason: 'insufficient_scope', missing_scopes: ['orders:write'], ...known };
      expect(await verify({ ...question, scopes: ['orders:write'] })).toMatchObject(missing);
      await ask('PATCH', `${ORGANIZATIONS}/${organization.id}`, { body: { is_active: false } });
      expect(await verify(question)).toMatchObject({ valid: false, reason: 'disabled', ...known });
    }
    expect(await verify({ key })).toEqual({ valid: false, reason: 'not_found' });
  });

  it('verifies keys of networks by the address of their client, and records from where they were refused', async () => {
    const { organization, api_key: firstKey } = await signUp({ name: 'Bound', first_key_scopes: ['*'] });
    const bound = { name: 'bound', allowed_networks: ['203.0.113.0/24'] };
    const { id, plain_text_key: shown } = await created(host, firstKey?.plain_text_key ?? '', bound);
    const path = `${OPERATOR_API}/api-keys/verify`;
    const verify = (body: Fields, headers: Readonly<Record<string, string>> = {}) =>
      ask('POST', path, { body: { key: shown, ...body }, headers });
    expect((await verify({ address: '203.0.113.7' })).body).toMatchObject({ valid: true });
    expect((await verify({}, { 'x-checks-networks': 'true' })).body).toMatchObject({ valid: true });
    const refused = await verify({ address: '198.51.100.1' });
    expect(refused.body).toMatchObject({ valid: false, reason: 'address_not_allowed' });
    expect((await verify({})).body).toMatchObject({ valid: false, reason: 'address_not_allowed' });
    for (const address of ['localhost', '203.0.113.7:55', '']) {
      const answer = await verify({ address });
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'address'] }] } });
    }
    await host.app.get(AddressRefusals).flush();
    expect((await eventsOf(organization.id))[0]).toMatchObject({
      type: 'api_key.address_refused',
      api_key_id: id,
      source_address: '198.51.100.1',
      request_id: expect.any(String),
    });
  });

  it('shows the events of all organizations and of the operator keys', async () => {
    await signUp({ name: 'Last' });
    const { items } = (await ask('GET', `${OPERATOR_API}/audit-events?limit=200`)).body as { items: Fields[] };
    expect(items[0]).toMatchObject({ type: 'organization.created', changes: { name: 'Last' } });
    expect(items.at(-1)).toMatchObject({ type: 'operator_key.created', organization_id: null });
    expect(new Set(items.map(({ organization_id: id }) => id)).size).toBeGreaterThan(2);
  });

  it('answers an unknown organization, member and cursor as every other API', async () => {
    const nobody = '019ad1c3-0000-7000-8000-000000000000';
    for (const path of ['', '/members', `/members/${nobody}`, '/api-keys']) {
      expect([path, (await ask('GET', `${ORGANIZATIONS}/${nobody}${path}`)).status]).toEqual([path, 404]);
    }
    expect((await ask('POST', `${ORGANIZATIONS}/${nobody}/members`, { body: { external_id: 'x' } })).status).toBe(404);
    expect((await ask('DELETE', `${ORGANIZATIONS}/${nobody}`)).status).toBe(404);
    expect((await ask('GET', `${ORGANIZATIONS}/7`)).status).toBe(422);
    for (const list of [ORGANIZATIONS, `${OPERATOR_API}/audit-events`]) {
      expect((await ask('GET', `${list}?cursor=x`)).status).toBe(400);
      expect((await ask('GET', `${list}?limit=0`)).status).toBe(422);
      expect((await ask('GET', `${list}?wrong=1`)).status).toBe(422);
    }
  });
});

describe('who may call the operator API', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startOperatorHost();
    tenant = await createTenant(host);
    await operatorKey(host);
  });

  afterAll(() => host.app.close());

  const routes = [
    ['organizations:manage', 'POST', ORGANIZATIONS],
    ['organizations:read', 'GET', ORGANIZATIONS],
    ['organizations:read', 'GET', `${ORGANIZATIONS}/ID`],
    ['organizations:manage', 'PATCH', `${ORGANIZATIONS}/ID`],
    ['organizations:manage', 'DELETE', `${ORGANIZATIONS}/ID`],
    ['members:manage', 'POST', `${ORGANIZATIONS}/ID/members`],
    ['members:read', 'GET', `${ORGANIZATIONS}/ID/members`],
    ['members:read', 'GET', `${ORGANIZATIONS}/ID/members/OWNER`],
    ['members:manage', 'PATCH', `${ORGANIZATIONS}/ID/members/OWNER`],
    ['members:manage', 'DELETE', `${ORGANIZATIONS}/ID/members/OWNER`],
    ['api_keys:read', 'GET', `${ORGANIZATIONS}/ID/api-keys`],
    ['api_keys:manage', 'DELETE', `${ORGANIZATIONS}/ID/api-keys/KEY`],
    ['api_keys:read', 'GET', `${OPERATOR_API}/api-keys?key_prefix=a`],
    ['api_keys:read', 'POST', `${OPERATOR_API}/api-keys/find`],
    ['api_keys:verify', 'POST', `${OPERATOR_API}/api-keys/verify`],
    ['audit:read', 'GET', `${OPERATOR_API}/audit-events`],
    ['usage:read', 'GET', `${OPERATOR_API}/usage`],
  ] as const;
  const place = (path: string) =>
    path.replace('ID', tenant.organization.id).replace('OWNER', tenant.owner.id).replace('KEY', tenant.apiKey.id);

  it.each(routes)('with a key that has just %s: %s %s', async (needed, method, path) => {
    const scopes = [...new Set(routes.map(([scope]) => scope))].filter((scope) => scope !== needed);
    const lacking = await send(host, method, place(path), { key: await operatorKey(host, scopes) });
    expect(lacking).toMatchObject({ status: 403, body: { message: `The API key lacks the scope "${needed}".` } });
    const narrow = await send(host, method, place(path), { key: await operatorKey(host, [needed]), body: undefined });
    expect([path, narrow.status === 401 || narrow.status === 403]).toEqual([path, false]);
    const wide = await send(host, method, place(path), { key: await operatorKey(host, [`${needed.split(':')[0]}:*`]) });
    expect([path, wide.status === 401 || wide.status === 403]).toEqual([path, false]);
    // The routes above may have removed the tenant.
    tenant = await createTenant(host);
  });

  it('no key of an organization, not even an unrestricted one, and no half of an operator key', async () => {
    const { token } = await host.identity.manageOperatorKeys.create({ name: 'x', scopes: null }, OPERATOR);
    const [theirs, mine] = [tenant.key, token.reveal()];
    const strangers = [
      undefined,
      'junk',
      theirs,
      theirs.replace('_test_', '_operator_'),
      mine.slice(0, -1),
      `${mine}A`,
    ];
    const asked = routes.flatMap(([, method, path]) => strangers.map((key) => ({ method, path, key })));
    // At once: each refusal comes when it is due.
    await Promise.all(
      asked.map(async ({ method, path, key }) => {
        const answer = await send(host, method, place(path), key === undefined ? {} : { key });
        expect([path, key, answer.status, answer.body]).toEqual([path, key, 401, E401]);
      }),
    );
    const revoked = await host.identity.manageOperatorKeys.create({ name: 'x', scopes: null }, OPERATOR);
    await host.identity.manageOperatorKeys.revoke(revoked.operatorKey, OPERATOR);
    expect((await send(host, 'GET', ORGANIZATIONS, { key: revoked.token.reveal() })).status).toBe(401);
  });

  it('and no operator key may call the identity API', async () => {
    const key = await operatorKey(host);
    for (const [method, path] of [
      ['GET', WHOAMI],
      ['GET', KEYS],
      ['POST', KEYS],
      ['DELETE', `${KEYS}/${tenant.apiKey.id}`],
      ['GET', '/v1/identity/org/members'],
    ] as const) {
      expect([path, (await send(host, method, path, { key })).body]).toEqual([path, E401]);
    }
  });

  it('a stranger is refused before a body is read', async () => {
    const head = `POST ${ORGANIZATIONS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n`;
    expect(await sendRaw(host, `${head}Content-Length: 9\r\nExpect: 100-continue\r\n\r\n`)).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe.each([
  ['before bodies are read', true],
  ['by the guard of its controllers', false],
])('the operator API, guarded %s, is off until there is an operator key', (_how, isHooked) => {
  let host: Host;

  beforeAll(async () => {
    host = await startOperatorHost(isHooked);
  });

  afterAll(() => host.app.close());

  const UNKNOWN = '/v1/unknown/route';

  /** What an answer says, but for when it was sent. */
  const said = async (method: string, path: string, key?: string) => {
    const { status, headers, text } = await send(host, method, path, key === undefined ? {} : { key });
    return { status, text, headers: [...headers].filter(([name]) => name !== 'date') };
  };

  it('to everybody, as a route that does not exist', async () => {
    const { key } = await createTenant(host);
    const forged = host.identity.format.compose('00000000', 'A'.repeat(32)).reveal().replace('_test_', '_operator_');
    for (const stranger of [undefined, 'junk', key, forged]) {
      for (const path of [ORGANIZATIONS, `${ORGANIZATIONS}/7`, `${OPERATOR_API}/audit-events`, OPERATOR_API]) {
        expect(await said('GET', path, stranger)).toEqual(await said('GET', UNKNOWN, stranger));
      }
      if (isHooked) {
        for (const path of [ORGANIZATIONS, `/v1/%6fperator/organizations`, `${ORGANIZATIONS}/%zz`]) {
          expect(await said('PUT', path, stranger)).toEqual(await said('PUT', UNKNOWN, stranger));
        }
      }
    }
  });

  it('and on with the first request that has one', async () => {
    const key = await operatorKey(host);
    expect((await send(host, 'GET', ORGANIZATIONS, { key })).status).toBe(200);
    expect((await send(host, 'GET', ORGANIZATIONS)).status).toBe(401);
    expect((await send(host, 'PUT', ORGANIZATIONS)).headers.get('allow')).toContain('POST');
  });
});

it('an application does not have the operator API unless it asks for it', async () => {
  const host = await startHost();
  const key = await operatorKey(host);
  expect((await send(host, 'GET', ORGANIZATIONS, { key })).status).toBe(404);
  await host.app.close();
});
