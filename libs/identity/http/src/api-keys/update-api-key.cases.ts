import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { E401, KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';

describe('PATCH /v1/identity/api-keys/{key_id}', () => {
  let host: Host;
  let tenant: Tenant;
  let made: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  beforeEach(async () => {
    made = await created(host, tenant.key, { name: 'CI', scopes: ['a:read', 'b:read'], expires_at: '2027-01-01' });
  });

  afterAll(() => host.app.close());

  const update = (body: unknown, id = made.id) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body });
  const find = async () => (await send(host, 'GET', `${KEYS}/${made.id}`, { key: tenant.key })).body as object;
  const whoAmI = () => send(host, 'GET', WHOAMI, { key: made.plain_text_key });

  it.each([
    ['the name', { name: '🔑'.repeat(255) }, {}],
    ['the scopes', { scopes: ['c:*', 'a:read'] }, {}],
    ['a later end', { expires_at: '2028-01-01T00:00:00+02:00' }, { expires_at: '2027-12-31T22:00:00Z' }],
    ['an earlier end', { expires_at: '2026-01-02T03:04:05.679Z' }, { expires_at: '2026-01-02T03:04:05.679000Z' }],
    ['no end', { expires_at: null }, {}],
    ['whether it is accepted', { is_active: false }, {}],
    ['several at once', { name: 'new', scopes: ['*'], expires_at: null, is_active: false }, {}],
    ['no more than is sent, in the words Pydantic takes for false', { is_active: 'off' }, { is_active: false }],
    ['nothing for an empty object', {}, null],
    ['nothing for what is so already', { name: 'CI', scopes: ['b:read', 'a:read'], is_active: true }, null],
  ])('changes %s', async (_what, body, shown) => {
    const before = await find();
    const { status, headers, body: answer } = await update(body);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer).toEqual(shown === null ? before : { ...before, ...body, ...shown });
    expect(await find()).toEqual(answer);
  });

  it('answers 400 to an empty list of scopes, which would look like everything', async () => {
    expect((await update({ scopes: [] })).status).toBe(400);
    expect(host.identity.store.apiKeys.get(made.id)?.grant.unrestricted).toBe(false);
  });

  it('leaves an unrestricted key as it is, when its empty list is sent back', async () => {
    const { id } = tenant.apiKey;
    const body = { name: 'renamed', scopes: [] };
    expect((await send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body })).body).toMatchObject(body);
    expect(host.identity.store.apiKeys.get(id)?.grant.unrestricted).toBe(true);
  });

  it('disables a key, which is refused from the next request on, and enables it again', async () => {
    expect((await whoAmI()).status).toBe(200);
    expect((await update({ is_active: false })).status).toBe(200);
    const { status, body } = await whoAmI();
    expect([status, body]).toEqual([401, E401]);
    expect((await update({ is_active: true })).body).toMatchObject({ is_active: true });
    expect((await whoAmI()).status).toBe(200);
  });

  it('ends a key that is in use at once when its end is moved into the next moment', async () => {
    expect((await whoAmI()).status).toBe(200);
    await update({ expires_at: new Date(host.identity.clock.now().getTime() + 1).toISOString() });
    host.identity.clock.advance(1);
    expect((await whoAmI()).status).toBe(401);
    expect((await update({ expires_at: '2027-01-01', is_active: true })).body).toMatchObject({ is_active: true });
    expect((await whoAmI()).status).toBe(200);
  });

  it('answers one and the same 404 for an unknown, a foreign and a revoked key, and changes none (AZ1)', async () => {
    const other = await createTenant(host, 'Other');
    await send(host, 'DELETE', `${KEYS}/${made.id}`, { key: tenant.key });
    const answers = [];
    for (const id of [UNKNOWN, other.apiKey.id, made.id]) answers.push(await update({ name: 'taken over' }, id));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ error: 'not_found' });
    const names = [...host.identity.store.apiKeys.values()].map(({ name }) => name);
    expect(names).not.toContain('taken over');
  });

  it.each([
    ['NUL in the name', { name: 'a\0b' }],
    ['an end that is not in the future', { expires_at: '2026-01-02T03:04:05.678Z' }],
    ['a scope without an action', { scopes: ['a:read', 'a'] }],
    ['a wildcard inside a word', { scopes: ['a:re*'] }],
  ])('answers 400 and changes nothing: %s', async (_what, body) => {
    const before = await find();
    expect(await update(body)).toMatchObject({ status: 400, body: { error: 'bad_request' } });
    expect(await find()).toEqual(before);
  });
});
