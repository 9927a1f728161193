import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created } from '../../testing/keys.js';
import { send, WHOAMI } from '../../testing/requests.js';

describe('POST /v1/identity/api-keys', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it('answers 201 with the fields of the contract, who made the key and whether the key is unrestricted', async () => {
    const { status, headers, body } = await create(host, tenant.key, { name: 'CI' });
    const { id, key_prefix, plain_text_key, ...rest } = body as Record<string, string>;
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(key_prefix).toMatch(/^fth_test_[0-9A-Za-z]{8}$/);
    expect(plain_text_key).toMatch(new RegExp(`^${key_prefix ?? ''}[0-9A-Za-z]{38}$`));
    expect(rest).toEqual({
      name: 'CI',
      description: null,
      labels: [],
      metadata: null,
      scopes: [],
      unrestricted: true,
      is_active: true,
      last_used_at: null,
      expires_at: null,
      created_at: '2026-01-02T03:04:05.678000Z',
      created_by: { type: 'api_key', api_key_id: tenant.apiKey.id, user_id: null },
      usage_30d: { accepted: 0, refused: 0 },
      last_used_from: null,
    });
  });

  it('makes a key that authenticates as the same organization and member', async () => {
    const { id, plain_text_key: key } = await created(host, tenant.key);
    expect((await send(host, 'GET', WHOAMI, { key })).body).toMatchObject({
      organization_id: tenant.organization.id,
      user_id: tenant.owner.id,
      api_key: { id, name: 'CI' },
    });
  });

  it.each([
    ['2027-01-01T00:00:00+02:00', '2026-12-31T22:00:00Z'],
    ['2027-01-01T00:00:00.5Z', '2027-01-01T00:00:00.500000Z'],
    ['2027-01-01', '2027-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999000Z'],
    [1_800_000_000, '2027-01-15T08:00:00Z'],
    [null, null],
  ])('answers expires_at in UTC: %s', async (expires_at, shown) => {
    const { status, body } = await create(host, tenant.key, { name: 'CI', expires_at });
    expect([status, (body as { expires_at: unknown }).expires_at]).toEqual([201, shown]);
  });

  it.each([-86_400_000, -1, 0])('answers 400 to an expires_at that is not in the future: %d ms', async (offset) => {
    const expires_at = new Date(host.identity.clock.now().getTime() + offset).toISOString();
    const { status, body } = await create(host, tenant.key, { name: 'CI', expires_at });
    expect([status, body]).toEqual([400, { error: 'bad_request', message: 'expires_at must lie in the future.' }]);
  });

  it.each([
    ['NUL in the name', { name: 'a\0b' }],
    ['NUL in a scope', { name: 'CI', scopes: ['a\0'] }],
    ['a lone surrogate in a scope', '{"name":"CI","scopes":["\\ud800"]}'],
    ['a scope without an action', { name: 'CI', scopes: ['a'] }],
    ['a scope of three parts', { name: 'CI', scopes: ['a:b:c'] }],
    ['a wildcard inside a word', { name: 'CI', scopes: ['a:b*'] }],
    ['a wildcard for a resource', { name: 'CI', scopes: ['*:read'] }],
    ['101 scopes', { name: 'CI', scopes: Array(101).fill('a:read') }],
  ])('answers 400 and stores nothing: %s', async (_what, body) => {
    const before = host.identity.store.apiKeys.size;
    expect(await create(host, tenant.key, body)).toMatchObject({ status: 400, body: { error: 'bad_request' } });
    expect(host.identity.store.apiKeys.size).toBe(before);
  });

  it.each([1, 255])('counts the code points of a name: %d emoji are fine', async (length) => {
    const name = '🔑'.repeat(length);
    expect((await create(host, tenant.key, { name })).body).toMatchObject({ name });
  });
});

describe('the grant of a new key', () => {
  let host: Host;
  let narrow: string;

  beforeAll(async () => {
    host = await startHost();
    const { key } = await createTenant(host);
    const body = {
      name: 'narrow',
      scopes: ['a:read', 'b:read', 'api_keys:manage'],
      expires_at: '2027-01-01T00:00:00Z',
    };
    narrow = (await created(host, key, body)).plain_text_key;
  });

  afterAll(() => host.app.close());

  it.each([[undefined], [[]]])("is the caller's own when scopes are %j", async (scopes) => {
    const body = { name: 'CI', scopes, expires_at: '2026-12-31T00:00:00Z' };
    expect((await created(host, narrow, body)).scopes).toEqual(['a:read', 'b:read', 'api_keys:manage']);
  });

  it.each([
    [{ scopes: ['a:read', 'c:read'] }, 'The calling key does not hold the scope "c:read".'],
    [{ scopes: ['d:x', 'c:read'] }, 'The calling key does not hold the scopes "d:x", "c:read".'],
    [{ scopes: ['*'] }, 'The calling key does not hold the scope "*".'],
    [{ scopes: ['a:*'] }, 'The calling key does not hold the scope "a:*".'],
    [{ expires_at: '2027-01-01T00:00:00.001Z' }, 'A key must not outlive the key that creates or changes it.'],
    [{ expires_at: null }, 'A key must not outlive the key that creates or changes it.'],
  ])('never exceeds the caller: %j is answered 403', async (wanted, message) => {
    const { status, body } = await create(host, narrow, { name: 'CI', expires_at: '2026-12-31T00:00:00Z', ...wanted });
    expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
  });
});
