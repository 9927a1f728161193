import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';

const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';

describe('DELETE /v1/identity/api-keys/{key_id}', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const revoke = (id: string, key = tenant.key) => send(host, 'DELETE', `${KEYS}/${id}`, { key });
  const statusOf = async ({ plain_text_key: key }: CreatedKey) => (await send(host, 'GET', WHOAMI, { key })).status;

  it('answers 204 without a body, and the key is refused from then on', async () => {
    const made = await created(host, tenant.key);
    expect(await statusOf(made)).toBe(200);
    const { status, headers, text } = await revoke(made.id);
    expect([status, text, headers.get('content-type')]).toEqual([204, '', null]);
    expect(await statusOf(made)).toBe(401);
  });

  it('answers one and the same 404 for an unknown, a foreign and a revoked key', async () => {
    const other = await createTenant(host, 'Other');
    const { id: revoked } = await created(host, tenant.key);
    await revoke(revoked);
    const answers = [await revoke(UNKNOWN), await revoke(other.apiKey.id), await revoke(revoked)];
    const body = { error: 'not_found', message: 'No such API key.' };
    expect(answers.map((answer) => [answer.status, answer.body])).toEqual(Array(3).fill([404, body]));
    const headers = answers.map((answer) =>
      Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date')),
    );
    expect(headers).toEqual(Array(3).fill(headers[0]));
    expect(host.identity.store.apiKeys.get(other.apiKey.id)?.revokedAt).toBeNull();
  });

  it('revokes an expired key', async () => {
    const { id } = await created(host, tenant.key, { name: 'short', expires_at: '2026-01-02T03:04:05.679Z' });
    host.identity.clock.advance(1);
    expect((await revoke(id)).status).toBe(204);
  });

  it('lets a key revoke itself', async () => {
    const made = await created(host, tenant.key);
    expect((await revoke(made.id, made.plain_text_key)).status).toBe(204);
    expect((await revoke(made.id, made.plain_text_key)).status).toBe(401);
  });

  it('is refused to nobody who manages keys: also the key of the owner, and the last one that could (AZ8)', async () => {
    const { key: owner, apiKey } = await createTenant(host, 'Leaked');
    const manager = await created(host, owner, { name: 'manager', scopes: ['api_keys:manage'] });
    expect((await revoke(apiKey.id, manager.plain_text_key)).status).toBe(204);
    expect((await revoke(manager.id, manager.plain_text_key)).status).toBe(204);
    expect(await statusOf(manager)).toBe(401);
  });

  it.each([
    ['upper case', (id: string) => id.toUpperCase()],
    ['32 digits', (id: string) => id.replaceAll('-', '')],
    ['braces', (id: string) => `%7B${id}%7D`],
    ['a URN', (id: string) => `urn:uuid:${id}`],
  ])('takes every spelling of a UUID: %s', async (_spelling, spell) => {
    const { id } = await created(host, tenant.key);
    expect((await revoke(spell(id))).status).toBe(204);
  });

  it.each([
    ['nonsense', 'nonsense', 'invalid character: found `n` at 1'],
    ['%00', '\0', 'invalid character: found `\0` at 1'],
    ['0198', '0198', 'invalid length: expected length 32 for simple format, found 4'],
    [`${UNKNOWN}0`, `${UNKNOWN}0`, 'invalid group length in group 4: expected 12, found 13'],
  ])('answers 422 to what is no UUID: %s', async (path, input, error) => {
    const detail = { type: 'uuid_parsing', loc: ['path', 'key_id'], msg: `Input should be a valid UUID, ${error}` };
    const { status, body } = await revoke(path);
    expect([status, body]).toEqual([422, { detail: [{ ...detail, input, ctx: { error } }] }]);
  });

  it('looks at no body', async () => {
    const { id } = await created(host, tenant.key);
    const { status } = await send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key, body: '{' });
    expect(status).toBe(204);
  });
});
