import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { auditPage } from '../../testing/audit.js';
import { created, keyWith } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '019ad1c4-8f10-7c33-b2de-91a7c4e05f04';

describe('POST /v1/identity/api-keys/bulk', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const bulk = (body: unknown, key = tenant.key) => send(host, 'POST', `${KEYS}/bulk`, { key, body });

  it('revokes keys at once, the calling one among them, and names those that are not there', async () => {
    const { key: foreign } = await createTenant(host, 'Other');
    const theirs = await created(host, foreign);
    const [a, b] = [await created(host, tenant.key), await created(host, tenant.key)];
    const ids = [a.id, theirs.id, UNKNOWN, b.id.toUpperCase(), a.id];
    const { status, body } = await bulk({ action: 'revoke', ids }, a.plain_text_key);
    expect([status, body]).toEqual([200, { changed: [a.id, b.id], unchanged: [], not_found: [theirs.id, UNKNOWN] }]);
    for (const { plain_text_key: key } of [a, b]) expect((await send(host, 'GET', WHOAMI, { key })).status).toBe(401);
    expect((await send(host, 'GET', WHOAMI, { key: theirs.plain_text_key })).status).toBe(200);
    expect((await bulk({ action: 'revoke', ids: [a.id] })).body).toMatchObject({ changed: [], not_found: [a.id] });
    const { items } = await auditPage(host, tenant.key);
    const told = items.filter(({ type }) => type === 'api_key.revoked');
    expect(
      told.map(({ api_key_id, actor_api_key_id, key_prefix }) => [api_key_id, actor_api_key_id, key_prefix]),
    ).toEqual([
      [b.id, a.id, b.key_prefix],
      [a.id, a.id, a.key_prefix],
    ]);
  });

  it('disables keys until they are enabled', async () => {
    const { id, plain_text_key: key } = await created(host, tenant.key);
    expect((await bulk({ action: 'disable', ids: [id] })).body).toEqual({
      changed: [id],
      unchanged: [],
      not_found: [],
    });
    expect((await send(host, 'GET', WHOAMI, { key })).status).toBe(401);
    expect((await bulk({ action: 'disable', ids: [id] })).body).toEqual({
      changed: [],
      unchanged: [id],
      not_found: [],
    });
    await send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body: { is_active: true } });
    expect((await send(host, 'GET', WHOAMI, { key })).status).toBe(200);
  });

  it('needs api_keys:manage', async () => {
    const key = await keyWith(host, tenant.key, 'api_keys:read');
    expect((await bulk({ action: 'revoke', ids: [tenant.apiKey.id] }, key)).status).toBe(403);
  });

  it.each([
    [{ action: 'enable', ids: [UNKNOWN] }, 'literal_error'],
    [{ action: 'revoke', ids: [] }, 'too_short'],
    [{ action: 'revoke', ids: Array(501).fill(UNKNOWN) }, 'too_long'],
    [{ action: 'revoke', ids: ['a'] }, 'uuid_parsing'],
    [{ ids: [UNKNOWN] }, 'missing'],
    [{ action: 'revoke', ids: [UNKNOWN], dry_run: true }, 'extra_forbidden'],
  ])('answers 422 to a wrong body and does nothing: %#', async (body, type) => {
    expect(await bulk(body)).toMatchObject({ status: 422, body: { detail: [{ type }] } });
  });
});
