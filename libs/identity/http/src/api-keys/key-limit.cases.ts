import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { disable } from '../../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created, rotated } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const LIMIT = 3;

describe('an organization with as many keys as it may have', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost({ identity: { maxKeysPerOrganization: LIMIT } });
  });

  beforeEach(async () => {
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const fill = async () => {
    const first = await created(host, tenant.key);
    return { first, second: await created(host, tenant.key) };
  };
  const revoke = (id: string) => send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });

  it('gets 409 for one more, and stores nothing', async () => {
    await fill();
    const { status, body } = await create(host, tenant.key);
    expect([status, body]).toMatchObject([409, { error: 'conflict', message: expect.stringContaining('API keys') }]);
    expect(await host.apiKeys.list(tenant.organization.id)).toHaveLength(LIMIT);
  });

  it('may have another one for each that it revokes, which is never refused', async () => {
    const { first } = await fill();
    expect((await revoke(first.id)).status).toBe(204);
    expect((await create(host, tenant.key)).status).toBe(201);
    expect((await create(host, tenant.key)).status).toBe(409);
  });

  const patch = (id: string, body: unknown) => send(host, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body });

  it('counts disabled keys, and changes and rotates what it has', async () => {
    const { first } = await fill();
    await disable(host, tenant, first);
    expect((await create(host, tenant.key)).status).toBe(409);
    expect((await patch(first.id, { is_active: true })).status).toBe(200);
    await rotated(host, tenant.key, first.id);
  });

  it('may have another one for each that expires, and no more by giving that a later end', async () => {
    const { first } = await fill();
    const expires_at = new Date(host.identity.clock.now().getTime() + 1).toISOString();
    expect((await patch(first.id, { expires_at })).status).toBe(200);
    host.identity.clock.advance(1);
    const made = await created(host, tenant.key);
    expect(await patch(first.id, { expires_at: null })).toMatchObject({ status: 409, body: { error: 'conflict' } });
    expect((await patch(first.id, { name: 'still expired' })).status).toBe(200);
    expect((await revoke(made.id)).status).toBe(204);
    expect((await patch(first.id, { expires_at: null })).status).toBe(200);
    expect((await create(host, tenant.key)).status).toBe(409);
  });

  it('has no key beyond the limit by any of many requests at once', async () => {
    const { first } = await fill();
    await revoke(first.id);
    const answers = await Promise.all(Array.from({ length: 16 }, () => create(host, tenant.key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(15).fill(409)]);
  });

  it('takes no key from another organization', async () => {
    await fill();
    const other = await createTenant(host, 'Other');
    expect((await create(host, other.key)).status).toBe(201);
  });
});
