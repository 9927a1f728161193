import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';
const LIVING = 'x-living-descendants';

describe('the keys that keys make', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const mint = (by: string) => created(host, by, { name: 'minted', scopes: [] });
  const revoke = (id: string, query = '', key = tenant.key) => send(host, 'DELETE', `${KEYS}/${id}${query}`, { key });
  const list = async (query: string) => {
    const { status, body } = await send(host, 'GET', `${KEYS}?${query}`, { key: tenant.key });
    return status === 200 ? (body as CreatedKey[]).map(({ id }) => id) : { status, body };
  };
  const statusOf = async ({ plain_text_key: key }: CreatedKey) => (await send(host, 'GET', WHOAMI, { key })).status;
  /** A key, the one that it makes, and the one that this makes. */
  async function family(by = tenant.key) {
    const top = await mint(by);
    const child = await mint(top.plain_text_key);
    return { top, child, grandchild: await mint(child.plain_text_key) };
  }
  const setPolicy = (body: object) => send(host, 'PATCH', '/v1/identity/policy', { key: tenant.key, body: body });

  it('say who made them wherever they are shown', async () => {
    const { top, child } = await family();
    const by = { type: 'api_key', api_key_id: top.id, user_id: null };
    expect(child).toMatchObject({ created_by: by });
    const path = `${KEYS}/${child.id}`;
    expect((await send(host, 'GET', path, { key: tenant.key })).body).toMatchObject({ created_by: by });
    const [listed] = (await send(host, 'GET', `${KEYS}?created_by=${top.id}`, { key: tenant.key })).body as object[];
    expect(listed).toMatchObject({ id: child.id, created_by: by });
    const rotated = await send(host, 'POST', `${path}/rotate`, { key: tenant.key });
    expect(rotated.body).toMatchObject({ created_by: by });
    const { apiKeys } = host.identity.store;
    const stored = apiKeys.get(top.id);
    if (stored) apiKeys.set(top.id, stored.with({ createdBy: { type: 'member', id: tenant.owner.id } }));
    const byMember = await send(host, 'GET', `${KEYS}?created_by=${tenant.owner.id}`, { key: tenant.key });
    expect(byMember.body).toMatchObject([
      { id: top.id, created_by: { type: 'member', api_key_id: null, user_id: tenant.owner.id } },
    ]);
    const owner = await send(host, 'GET', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key });
    expect(owner.body).toMatchObject({ created_by: { type: 'operator', api_key_id: null, user_id: null } });
  });

  it('do not say it if nobody recorded it', async () => {
    const { id } = await mint(tenant.key);
    const { apiKeys } = host.identity.store;
    const stored = apiKeys.get(id);
    if (stored) apiKeys.set(id, stored.with({ createdBy: null }));
    const { body } = await send(host, 'GET', `${KEYS}/${id}`, { key: tenant.key });
    expect(body).toMatchObject({ created_by: null });
  });

  it('are listed by who made them, page by page, also with other filters', async () => {
    const { top, child, grandchild } = await family();
    const second = await mint(top.plain_text_key);
    expect(await list(`created_by=${top.id}`)).toEqual([second.id, child.id]);
    expect(await list(`created_by=${child.id.toUpperCase()}`)).toEqual([grandchild.id]);
    const { headers, body } = await send(host, 'GET', `${KEYS}?created_by=${top.id}&limit=1`, { key: tenant.key });
    expect((body as CreatedKey[]).map(({ id }) => id)).toEqual([second.id]);
    const next = new URL(/<(.*)>/.exec(headers.get('link') ?? '')?.[1] ?? '', 'http://host').search.slice(1);
    expect(await list(next)).toEqual([child.id]);
    expect(await list(`created_by=${top.id}&key_prefix=${child.key_prefix}`)).toEqual([child.id]);
    expect(await list(`created_by=${top.id}&key_prefix=${grandchild.key_prefix}`)).toEqual([]);
    expect(await list(`created_by=${UNKNOWN}`)).toEqual([]);
    expect(await list('created_by=me')).toMatchObject({ status: 422 });
    await revoke(child.id);
    expect(await list(`created_by=${top.id}`)).toEqual([second.id]);
    expect(await list(`created_by=${top.id}&include_revoked=true`)).toEqual([second.id, child.id]);
  });

  it('are listed by their ends', async () => {
    const [soon, later] = ['2031-01-01T00:00:00Z', '2032-01-01T00:00:00Z'];
    const first = await created(host, tenant.key, { name: 'soon', expires_at: soon });
    await created(host, tenant.key, { name: 'later', expires_at: later });
    expect(await list(`expires_before=${soon}`)).toEqual([]);
    expect(await list('expires_before=2031-01-01T00:00:00.001Z')).toEqual([first.id]);
    expect(await list(`expires_before=2031-01-01T00:00:00.001Z&key_prefix=${first.key_prefix}`)).toEqual([first.id]);
    expect(await list(`expires_before=${soon}&key_prefix=${first.key_prefix}`)).toEqual([]);
    expect(await list('expires_before=soon')).toMatchObject({ status: 422 });
  });

  it('live on when their maker is revoked, which the answer says', async () => {
    const { top, child, grandchild } = await family();
    const { status, text, headers } = await revoke(top.id);
    expect([status, text, headers.get(LIVING)]).toEqual([204, '', '2']);
    expect([await statusOf(child), await statusOf(grandchild)]).toEqual([200, 200]);
    expect((await revoke(child.id, '?cascade=false')).headers.get(LIVING)).toBe('1');
    expect((await revoke(grandchild.id)).headers.get(LIVING)).toBeNull();
  });

  it('end with their maker in a cascade, from the next request on', async () => {
    const { top, child, grandchild } = await family();
    for (const each of [top, child, grandchild]) expect(await statusOf(each)).toBe(200);
    const { status, text, headers } = await revoke(top.id, '?cascade=true');
    expect([status, text, headers.get(LIVING)]).toEqual([204, '', null]);
    for (const each of [top, child, grandchild]) expect(await statusOf(each)).toBe(401);
    const { body } = await send(host, 'GET', `/v1/identity/audit-events?api_key_id=${grandchild.id}`, {
      key: tenant.key,
    });
    expect((body as { items: object[] }).items[0]).toMatchObject({
      type: 'api_key.revoked',
      actor_type: 'api_key',
      actor_api_key_id: tenant.apiKey.id,
      key_prefix: grandchild.key_prefix,
      changes: { cascade_of: top.id },
    });
  });

  it('end by a cascade also when their maker was revoked before, and its 404 stays as it was without one', async () => {
    const { top, child } = await family();
    await revoke(top.id);
    expect((await revoke(top.id)).status).toBe(404);
    expect((await revoke(top.id, '?cascade=true')).status).toBe(204);
    expect(await statusOf(child)).toBe(401);
    expect((await revoke(top.id, '?cascade=true')).status).toBe(204);
  });

  it("are not ended by another organization's key, nor by one that may not manage keys", async () => {
    const other = await createTenant(host, 'Other');
    const { top, child } = await family();
    expect((await revoke(top.id, '?cascade=true', other.key)).status).toBe(404);
    expect((await revoke(UNKNOWN, '?cascade=true')).status).toBe(404);
    const reader = await created(host, tenant.key, { name: 'reader', scopes: ['api_keys:read'] });
    expect((await revoke(top.id, '?cascade=true', reader.plain_text_key)).status).toBe(403);
    expect((await revoke(top.id, '?cascade=perhaps')).status).toBe(422);
    expect(await statusOf(child)).toBe(200);
  });

  it('end with their maker whenever the policy says so, whatever the request says', async () => {
    expect((await setPolicy({ revoke_descendants: true })).body).toMatchObject({ revoke_descendants: true });
    const shown = await send(host, 'GET', '/v1/identity/policy', { key: tenant.key });
    expect(shown.body).toMatchObject({ revoke_descendants: true });
    const { top, child, grandchild } = await family();
    expect((await revoke(top.id, '?cascade=false')).status).toBe(204);
    for (const each of [child, grandchild]) expect(await statusOf(each)).toBe(401);
    expect((await setPolicy({ revoke_descendants: false })).body).toMatchObject({ revoke_descendants: false });
    const events = await send(host, 'GET', '/v1/identity/audit-events?type=policy.updated', { key: tenant.key });
    expect((events.body as { items: object[] }).items[0]).toMatchObject({ changes: { revoke_descendants: false } });
  });
});
