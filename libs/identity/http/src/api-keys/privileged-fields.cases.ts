import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created } from '../../testing/keys.js';
import { E401, KEYS, send } from '../../testing/requests.js';

const FOREIGN = '0198ffff-0000-7000-8000-000000000001';
const SCOPES = ['a:read', 'api_keys:manage'];
const FIELDS = {
  id: FOREIGN,
  user_id: FOREIGN,
  member_id: FOREIGN,
  memberId: FOREIGN,
  organization_id: FOREIGN,
  organizationId: FOREIGN,
  org_id: FOREIGN,
  is_active: false,
  revoked_at: null,
  key_hash: 'known',
  bcrypt_hash: 'known',
  hash: 'known',
  key_prefix: 'fth_test_chosen00',
  plain_text_key: 'fth_test_chosen00',
  token: 'fth_test_chosen00',
  unrestricted: true,
  grant: { unrestricted: true },
  created_at: '2000-01-01T00:00:00Z',
  createdAt: '2000-01-01T00:00:00Z',
  last_used_at: '2000-01-01T00:00:00Z',
  __proto__: { id: FOREIGN },
};

describe('a privileged field in the body (AU7)', () => {
  let host: Host;
  let tenant: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    other = await createTenant(host, 'Other');
  });

  afterAll(() => host.app.close());

  it.each(Object.entries(FIELDS))('is no key: %s', async (field, value) => {
    const { status, body } = await send(host, 'POST', KEYS, { body: { name: 'CI', [field]: value } });
    expect([status, body]).toEqual([401, E401]);
  });

  it.each(Object.entries(FIELDS))('is ignored beside a key: %s', async (field, value) => {
    const body = { name: 'CI', [field]: field.startsWith('org') ? other.organization.id : value };
    const made = await created(host, tenant.key, body);
    const stored = host.identity.store.apiKeys.get(made.id);
    expect(made).toMatchObject({ is_active: true, last_used_at: null, created_at: '2026-01-02T03:04:05.678000Z' });
    expect(made.id).not.toBe(FOREIGN);
    expect(made.plain_text_key).not.toContain('chosen');
    expect(stored).toMatchObject({
      organizationId: tenant.organization.id,
      memberId: tenant.owner.id,
      keyPrefix: made.key_prefix,
    });
  });

  it('does not lift the limits of a narrow key', async () => {
    const { plain_text_key: narrow } = await created(host, tenant.key, { name: 'narrow', scopes: SCOPES });
    const made = await created(host, narrow, { name: 'CI', unrestricted: true, grant: { unrestricted: true } });
    expect(host.identity.store.apiKeys.get(made.id)?.grant).toMatchObject({ unrestricted: false, scopes: SCOPES });
    expect((await create(host, narrow, { name: 'CI', unrestricted: true, scopes: ['b:read'] })).status).toBe(403);
  });
});
