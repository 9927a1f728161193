import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '@feather-identity/core';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith } from '../../testing/keys.js';
import { E401, send } from '../../testing/requests.js';

describe('GET /v1/identity/authorize', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const authorize = (key: string, query = '') => send(host, 'GET', `/v1/identity/authorize${query}`, { key });

  it('answers 200 with who is calling in its headers, and nothing in its body', async () => {
    const { id, plain_text_key: key } = await created(host, tenant.key, { name: 'CI', scopes: ['a:read', 'b:*'] });
    const { status, headers, text } = await authorize(key);
    expect([status, text, headers.get('content-length')]).toEqual([200, '', '0']);
    expect(headers.get('x-organization-id')).toBe(tenant.organization.id);
    expect(headers.get('x-api-key-id')).toBe(id);
    expect(headers.get('x-scopes')).toBe('a:read b:*');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('writes * for whoever may do everything', async () => {
    expect((await authorize(tenant.key)).headers.get('x-scopes')).toBe('*');
    expect((await authorize(await keyWith(host, tenant.key, '*'))).headers.get('x-scopes')).toBe('*');
  });

  it('writes no text into a header that a key of an earlier version has among its scopes', async () => {
    const { id, plain_text_key: key } = await created(host, tenant.key);
    const { store } = host.identity;
    const grant = ScopeGrant.of(['read', 'a b:c', 'x:y\r\nX-Admin: 1', 'a:read', 'ö:ö', '']);
    store.apiKeys.set(id, store.apiKeys.get(id)!.with({ grant }));
    const { status, headers } = await authorize(key);
    expect([status, headers.get('x-scopes'), headers.get('x-admin')]).toEqual([200, 'a:read', null]);
    store.apiKeys.set(id, store.apiKeys.get(id)!.with({ grant: ScopeGrant.of([]) }));
    expect((await authorize(key)).headers.get('x-scopes')).toBe('');
    expect((await authorize(key, '?scope=a:read')).status).toBe(403);
  });

  it.each([
    ['?scope=a:read', 200],
    ['?scope=a:read&scope=b:anything&scope=b:other', 200],
    ['?scope=a%3Aread', 200],
    ['?scope=a:read,b:anything,b:other', 200],
    ['?scope[]=a:read&scope[]=b:anything', 200],
    ['?scope%5B%5D=a%3Aread', 200],
    ['?scopes=a:read&scopes=b:anything,b:other', 200],
    ['?scope=a:read&scope=c:read', 403],
    ['?scope=a:read,c:read', 403],
    ['?scope=c:read&scope=a:read', 403],
    ['?scope[]=c:read', 403],
    ['?scope%5B%5D=c:read', 403],
    ['?scope%5B%5D=a:read&scope%5b%5d=c:read', 403],
    ['?scopes=c:read', 403],
    ['?scope=a:read&scopes=c:read', 403],
    ['?scope=a:read&scope[]=c:read', 403],
    ['?scope=A:read', 403],
    ['?scope=a:rea', 403],
    ['?scope=a:read_all', 403],
  ])('demands every scope, however they are written: %s is answered %i', async (query, expected) => {
    const { status, headers } = await authorize(await keyWith(host, tenant.key, 'a:read', 'b:*'), query);
    expect([status, headers.has('x-api-key-id')]).toEqual([expected, expected === 200]);
  });

  it('names all that is missing in its 403', async () => {
    const key = await keyWith(host, tenant.key, 'a:read');
    const { status, body } = await authorize(key, '?scope=c:read&scope=a:read&scope=d:write');
    const message = 'The API key lacks the scopes "c:read", "d:write".';
    expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
  });

  it.each([
    '?Scope=c:read',
    '?scope[0]=c:read',
    '?scopes[]=c:read',
    '?scope[][]=c:read',
    '?other=c:read',
    '?scope%00=x',
  ])('answers 422 to a demand that it does not understand: %s', async (query) => {
    const { status, body } = await authorize(await keyWith(host, tenant.key, 'a:read'), query);
    expect([status, body]).toMatchObject([422, { detail: [{ type: 'extra_forbidden' }] }]);
  });

  it.each(['*', 'a:*', '*:read', '', 'a', 'a:read,', ',a:read', 'a:read b:read', 'a:b:c', '%00', 'a:read%0d%0aX-A:1'])(
    'answers 400 to a scope that nobody can demand, also of the owner: %s',
    async (scope) => {
      for (const query of [`?scope=a:read&scope=${scope}`, `?scope[]=${scope}`, `?scopes=${scope}`]) {
        const { status, body } = await authorize(tenant.key, query);
        expect([status, body]).toMatchObject([400, { error: 'bad_request' }]);
        expect((body as { message: string }).message).toMatch(/^scopes\[\d\] .+ spelled resource:action/);
      }
    },
  );

  it('answers 401 to strangers, whatever they demand', async () => {
    for (const query of ['', '?scope=a:read', '?scope=*']) {
      const { status, body, headers } = await authorize('junk', query);
      expect([status, body]).toEqual([401, E401]);
      expect(headers.get('www-authenticate')).toBe('ApiKey realm="identity"');
    }
  });
});
