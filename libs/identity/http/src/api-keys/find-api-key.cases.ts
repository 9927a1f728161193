import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WriteBehind } from '@feather-identity/core';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, rotated } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';

describe('GET /v1/identity/api-keys/{key_id}', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const find = (id: string) => send(host, 'GET', `${KEYS}/${id}`, { key: tenant.key });

  it('answers exactly what is known of the key', async () => {
    const made = await created(host, tenant.key, { name: 'CI', scopes: ['a:read'], expires_at: '2027-01-01' });
    const { status, headers, body } = await find(made.id);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      id: made.id,
      name: 'CI',
      description: null,
      labels: [],
      metadata: null,
      key_prefix: made.key_prefix,
      scopes: ['a:read'],
      unrestricted: false,
      is_active: true,
      last_used_at: null,
      expires_at: '2027-01-01T00:00:00Z',
      created_at: '2026-01-02T03:04:05.678000Z',
      created_by: { type: 'api_key', api_key_id: tenant.apiKey.id, user_id: null },
      usage_30d: { accepted: 0, refused: 0 },
      last_used_from: null,
      revoked_at: null,
      previous_secret_expires_at: null,
      previous_secret_last_used_at: null,
    });
  });

  it('answers a revoked key, which no other operation does', async () => {
    const { id } = await created(host, tenant.key);
    await send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
    expect((await find(id)).body).toMatchObject({ is_active: false, revoked_at: '2026-01-02T03:04:05.678000Z' });
  });

  it('answers one and the same 404 for an unknown key and for a foreign one (AZ1)', async () => {
    const other = await createTenant(host, 'Other');
    const answers = [await find(UNKNOWN), await find(other.apiKey.id)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect(answers[0]?.body).toEqual({ error: 'not_found', message: 'No such API key.' });
  });

  it('tells who still uses the secret before the last rotation, and until when that works', async () => {
    const { id, plain_text_key: old } = await created(host, tenant.key);
    const flush = () => host.app.get(WriteBehind).flush();
    const previous = async () => {
      const { previous_secret_expires_at, previous_secret_last_used_at } = (await find(id)).body as Record<
        string,
        unknown
      >;
      return [previous_secret_expires_at, previous_secret_last_used_at];
    };
    await send(host, 'GET', WHOAMI, { key: old });
    await flush();
    host.identity.clock.set(new Date('2026-02-01T00:00:00Z'));
    const { plain_text_key: next } = await rotated(host, tenant.key, id, { grace_period_seconds: 3600 });
    expect(await previous()).toEqual(['2026-02-01T01:00:00Z', '2026-01-02T03:04:05.678000Z']);
    host.identity.clock.set(new Date('2026-02-01T00:30:00Z'));
    await send(host, 'GET', WHOAMI, { key: next });
    await flush();
    expect(await previous()).toEqual(['2026-02-01T01:00:00Z', '2026-01-02T03:04:05.678000Z']);
    await send(host, 'GET', WHOAMI, { key: old });
    await flush();
    expect(await previous()).toEqual(['2026-02-01T01:00:00Z', '2026-02-01T00:30:00Z']);
    host.identity.clock.set(new Date('2026-02-01T01:00:00Z'));
    expect(await previous()).toEqual([null, '2026-02-01T00:30:00Z']);
  });

  it('answers 422 to what is no UUID', async () => {
    const error = 'invalid character: found `v` at 1';
    const detail = { type: 'uuid_parsing', loc: ['path', 'key_id'], msg: `Input should be a valid UUID, ${error}` };
    const { status, body } = await find('verify');
    expect([status, body]).toEqual([422, { detail: [{ ...detail, input: 'verify', ctx: { error } }] }]);
  });
});
