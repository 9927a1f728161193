import { OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { send } from '../../testing/requests.js';

const MEMBERS = '/v1/identity/org/members';

describe('GET /v1/identity/org/members', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    const theirs = await createTenant(host, 'Others');
    const { createMember, updateMember } = host.identity;
    await createMember.execute(theirs.organization.id, { externalId: 'theirs' }, OPERATOR);
    const request = { externalId: 'user_2', email: 'grace@example.com', role: 'org:viewer' };
    const member = await createMember.execute(tenant.organization.id, request, OPERATOR);
    host.identity.clock.advance(1000);
    await updateMember.execute(tenant.organization.id, member.id, { isActive: false }, OPERATOR);
  });

  afterAll(() => host.app.close());

  const list = async (query = '', key = tenant.key) => (await send(host, 'GET', MEMBERS + query, { key })).body;

  it('shows the members of the calling organization alone, with just the fields of the contract', async () => {
    const { organization, owner } = tenant;
    const own = { organization_id: organization.id, display_name: null, email: null, is_active: true };
    const { id } = ((await list('?role=org:viewer')) as { items: [{ id: string }] }).items[0];
    expect(await list()).toEqual({
      items: [
        {
          ...own,
          id,
          clerk_user_id: 'user_2',
          role: 'org:viewer',
          email: 'grace@example.com',
          is_active: false,
          created_at: expect.any(String),
          updated_at: expect.any(String),
        },
        {
          ...own,
          id: owner.id,
          clerk_user_id: 'owner',
          role: 'org:admin',
          display_name: 'Owner',
          created_at: expect.any(String),
          updated_at: expect.any(String),
        },
      ],
      next_cursor: null,
      has_more: false,
    });
    const { items } = (await list()) as { items: Record<string, string>[] };
    expect(items[0]?.['updated_at']).not.toBe(items[0]?.['created_at']);
    expect(items[1]?.['updated_at']).toBe(items[1]?.['created_at']);
  });

  it('goes on from its cursor, filters by role, and ignores other parameters', async () => {
    const first = await list('?limit=1&other=1');
    expect(first).toMatchObject({ items: [{ clerk_user_id: 'user_2' }], has_more: true });
    const { next_cursor: cursor } = first as { next_cursor: string };
    expect(await list(`?cursor=${cursor}`)).toMatchObject({ items: [{ clerk_user_id: 'owner' }], has_more: false });
    expect(await list('?role=')).toEqual({ items: [], next_cursor: null, has_more: false });
    expect((await send(host, 'GET', `${MEMBERS}?cursor=x`, { key: tenant.key })).status).toBe(400);
  });

  it('demands members:read', async () => {
    const narrow = await created(host, tenant.key, { name: 'x', scopes: ['api_keys:*'] });
    expect((await send(host, 'GET', MEMBERS, { key: narrow.plain_text_key })).status).toBe(403);
    const reader = await created(host, tenant.key, { name: 'x', scopes: ['members:read'] });
    expect(await list('', reader.plain_text_key)).toMatchObject({ has_more: false });
  });
});
