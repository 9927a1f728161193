import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { disable } from '../../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { atLeast, atMost, NO_BOOLEAN, NO_INTEGER } from '../../testing/faults.js';
import { KEYS, send } from '../../testing/requests.js';

const FIELDS = [
  'created_at',
  'created_by',
  'description',
  'expires_at',
  'id',
  'is_active',
  'key_prefix',
  'labels',
  'last_used_at',
  'last_used_from',
  'metadata',
  'name',
  'scopes',
  'unrestricted',
  'usage_30d',
];

describe('the query of GET /v1/identity/api-keys', () => {
  let host: Host;
  let tenant: Tenant;
  let revoked: CreatedKey;
  let disabled: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    revoked = await created(host, tenant.key, { name: 'revoked' });
    disabled = await created(host, tenant.key, { name: 'disabled' });
    await disable(host, tenant, disabled);
    host.identity.clock.set(new Date('2026-02-01T00:00:00Z'));
    await send(host, 'DELETE', `${KEYS}/${revoked.id}`, { key: tenant.key });
  });

  afterAll(() => host.app.close());

  const list = (query: string) => send(host, 'GET', KEYS + query, { key: tenant.key });
  const items = async (query: string) => (await list(query)).body as Record<string, unknown>[];

  it.each(['', '?include_revoked=false', '?include_revoked=0', '?limit=1000'])(
    'leaves revoked keys and their field out unless it asks for them: %j',
    async (query) => {
      const shown = await items(query);
      expect(shown.map(({ id }) => id)).toEqual([disabled.id, tenant.apiKey.id]);
      expect(shown.map((item) => Object.keys(item).sort())).toEqual(Array(2).fill(FIELDS));
    },
  );

  it.each(['?include_revoked=true', '?include_revoked=1', '?include_revoked=false&include_revoked=yes'])(
    'shows them, and when they were revoked: %s',
    async (query) => {
      const shown = await items(query);
      expect(shown.map(({ id, is_active, revoked_at }) => [id, is_active, revoked_at])).toEqual([
        [disabled.id, false, null],
        [revoked.id, false, '2026-02-01T00:00:00Z'],
        [tenant.apiKey.id, true, null],
      ]);
      expect(shown.map((item) => Object.keys(item).sort())).toEqual(Array(3).fill([...FIELDS, 'revoked_at'].sort()));
    },
  );

  it.each([
    ['limit=0', 'limit', '0', atLeast(1)],
    ['limit=-5', 'limit', '-5', atLeast(1)],
    ['limit=1001', 'limit', '1001', atMost(1000)],
    ['limit=abc', 'limit', 'abc', NO_INTEGER],
    ['limit=', 'limit', '', NO_INTEGER],
    ['limit=1&limit=x', 'limit', 'x', NO_INTEGER],
    ['include_revoked=all', 'include_revoked', 'all', NO_BOOLEAN],
    ['include_revoked', 'include_revoked', '', NO_BOOLEAN],
  ])('is answered 422 in the shape of FastAPI: %s', async (query, name, input, fault) => {
    const { status, body } = await list(`?${query}`);
    expect([status, body]).toEqual([422, { detail: [{ ...fault, loc: ['query', name], input }] }]);
  });

  it.each(['cursor=', 'cursor', 'cursor=nonsense&cursor='])(
    'begins at the start for an empty cursor: %s',
    async (query) => {
      expect(await items(`?${query}`)).toEqual(await items(''));
    },
  );

  it.each([
    ['nonsense', 'nonsense'],
    ['an id', '0198ffff-0000-7000-8000-000000000001'],
    ['SQL', "' OR 1=1 --"],
    ['a place without an id', Buffer.from('1767323045678.').toString('base64url')],
    ['a place beyond time', Buffer.from('9999999999999999.0198ffff-0000-7000-8000-000000000001').toString('base64url')],
    ['a place in upper case', Buffer.from('1.0198FFFF-0000-7000-8000-000000000001').toString('base64url')],
    ['a place with padding', Buffer.from('1.0198ffff-0000-7000-8000-000000000001').toString('base64')],
    ['12 KB', 'A'.repeat(12_000)],
  ])('is answered 400 for a cursor that is none: %s', async (_what, cursor) => {
    const { status, body } = await list(`?cursor=${encodeURIComponent(cursor)}`);
    const message = 'cursor must be one that this list has returned.';
    expect([status, body]).toEqual([400, { error: 'bad_request', message }]);
  });
});
