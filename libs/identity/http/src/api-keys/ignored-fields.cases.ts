import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, secretPart } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const IGNORED = 'x-ignored-fields';

describe('fields that POST /v1/identity/api-keys ignores, as the Feather API does', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const warnings = () => host.logger.lines.filter((line) => line.includes('ignored'));

  it('are named in the answer and in one line of the log, whose key has turned out unrestricted', async () => {
    const sent = { name: 'CI', scope: ['a:b'], expiresAt: '2027-01-01' };
    const { status, headers, body } = await create(host, tenant.key, sent);
    expect([status, body]).toMatchObject([201, { unrestricted: true, expires_at: null }]);
    expect(headers.get(IGNORED)).toBe('scope, expiresAt');
    expect(warnings()).toEqual([expect.stringContaining('scope, expiresAt')]);
    expect(warnings().join()).not.toMatch(/a:b|2027/);
  });

  it('are not spoken of where there are none', async () => {
    const before = warnings().length;
    expect((await create(host, tenant.key, { name: 'CI', scopes: ['a:b'] })).headers.has(IGNORED)).toBe(false);
    expect(warnings()).toHaveLength(before);
  });

  it('are named in a refusal, too, which they may explain', async () => {
    const { status, headers } = await create(host, tenant.key, { Name: 'CI' });
    expect([status, headers.get(IGNORED)]).toEqual([422, null]);
    const late = await create(host, tenant.key, { name: 'CI', expires_at: '2020-01-01', Scopes: [] });
    expect([late.status, late.headers.get(IGNORED)]).toEqual([400, 'Scopes']);
  });

  it.each([
    ['a token', (token: string) => [token]],
    ['words of another kind', () => ['', ' ', 'a b', 'a\r\nSet-Cookie: a=b', 'é', '\ud800', 'a,b', '*', '__proto__ ']],
    ['a long name', () => ['a'.repeat(41)]],
    ['what may be a secret of another system', () => ['sk-9f8a7d6c5b4a3f2e1d0c', 'AKIA1234567890ABCDEF']],
  ])('are counted and not named where a name is no plain word: %s', async (_what, names) => {
    const strange = names(tenant.key);
    const sent = Object.fromEntries(strange.map((name) => [name, 1]));
    const { status, headers } = await create(host, tenant.key, { name: 'CI', scope: 1, ...sent });
    expect([status, headers.get(IGNORED)]).toEqual([201, `scope, +${strange.length}`]);
    expect(host.logger.lines.join()).not.toContain(secretPart(tenant.key));
  });

  it('are named up to ten', async () => {
    const sent = Object.fromEntries(Array.from({ length: 5000 }, (_each, index) => [`field_${index}`, 1]));
    const { headers } = await create(host, tenant.key, { name: 'CI', ...sent });
    const named = Array.from({ length: 10 }, (_each, index) => `field_${index}`);
    expect(headers.get(IGNORED)).toBe([...named, '+4990'].join(', '));
  });

  it('are named by the list, too: what it leaves out may have been asked for', async () => {
    const { status, headers } = await send(host, 'GET', `${KEYS}?revoked=true&limit=5`, { key: tenant.key });
    expect([status, headers.get(IGNORED)]).toEqual([200, 'revoked']);
  });

  it('are named by a revocation, too: a misspelled cascade leaves descendants alive', async () => {
    const revoke = async (query: string) => {
      const { id } = (await create(host, tenant.key, { name: 'CI' })).body as { id: string };
      return send(host, 'DELETE', `${KEYS}/${id}${query}`, { key: tenant.key });
    };
    const answers = [await revoke('?cascad=true'), await revoke('?cascade=true'), await revoke('')];
    expect(answers.map(({ status, headers }) => [status, headers.get(IGNORED)])).toEqual([
      [204, 'cascad'],
      [204, null],
      [204, null],
    ]);
    const unknown = `${KEYS}/00000000-0000-7000-8000-000000000000?cascad=true`;
    const refused = await send(host, 'DELETE', unknown, { key: tenant.key });
    expect([refused.status, refused.headers.get(IGNORED)]).toEqual([404, 'cascad']);
  });
});

describe('whether a key is unrestricted', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it.each([
    [undefined, true],
    [['*'], false],
    [['a:read'], false],
  ])('is told wherever a key is shown: scopes %j', async (scopes, unrestricted) => {
    const made = await create(host, tenant.key, { name: 'CI', scopes });
    const { id } = made.body as { id: string };
    const key = tenant.key;
    const listed = (await send(host, 'GET', KEYS, { key })).body as { id: string }[];
    const shown = [
      made.body,
      listed.find((item) => item.id === id),
      (await send(host, 'GET', `${KEYS}/${id}`, { key })).body,
      (await send(host, 'PATCH', `${KEYS}/${id}`, { key, body: {} })).body,
      (await send(host, 'POST', `${KEYS}/${id}/rotate`, { key })).body,
    ];
    expect(shown.map((body) => (body as { unrestricted: unknown }).unrestricted)).toEqual(Array(5).fill(unrestricted));
  });
});
