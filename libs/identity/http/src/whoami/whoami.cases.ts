import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { send, WHOAMI } from '../../testing/requests.js';

describe('GET /v1/identity/whoami', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it('answers exactly the fields of the contract and the key', async () => {
    const { status, headers, body } = await send(host, 'GET', WHOAMI, { key: tenant.key });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      user_id: tenant.owner.id,
      clerk_user_id: 'owner',
      email: null,
      display_name: 'Owner',
      role: 'org:admin',
      organization_id: tenant.organization.id,
      organization_name: 'Acme',
      kb_clearance_level: 0,
      kb_acl_enabled: false,
      is_internal: false,
      api_key: {
        id: tenant.apiKey.id,
        name: 'Owner key',
        key_prefix: tenant.key.slice(0, 17),
        scopes: [],
        expires_at: null,
      },
    });
  });

  it('shows the scopes and the end of the key', async () => {
    const body = { name: 'CI', scopes: ['b:x', 'a:x'], expires_at: '2027-01-01T00:00:00.25Z' };
    const { plain_text_key: key } = await created(host, tenant.key, body);
    const answer = await send(host, 'GET', WHOAMI, { key });
    expect(answer.body).toMatchObject({
      api_key: { name: 'CI', scopes: ['b:x', 'a:x'], expires_at: '2027-01-01T00:00:00.250000Z' },
    });
  });

  it('shows the email address of a member who has one', async () => {
    host.identity.store.members.set(tenant.owner.id, { ...tenant.owner, email: 'ada@example.com', displayName: null });
    const { body } = await send(host, 'GET', WHOAMI, { key: tenant.key });
    expect(body).toMatchObject({ email: 'ada@example.com', display_name: null });
  });
});
