import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../testing/databases.js';
import { call, readOperations } from '../testing/operations.js';
import { type CreatedKey, created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';

/** What may stand where a JSON array of scopes belongs. */
const DAMAGED = [
  '',
  '""',
  'null',
  '[]',
  '{}',
  '*',
  '"*"',
  '["*"',
  '[["*"]]',
  '[null,"*"]',
  '{"0":"*","length":1}',
  '["api_keys:read","*",]',
  '["API_KEYS:READ","api_keys"," *","api_keys:* "]',
];

describe.each(DATABASES)('a key on %s whose stored scopes are damaged (AZ4)', (type) => {
  let service: Service;
  let tenant: Tenant;
  let target: CreatedKey;

  beforeAll(async () => {
    service = await startService(type, process.env);
    tenant = await createTenant(service);
    target = await created(service, tenant.key, { name: 'Target', scopes: ['a:b'] });
  });

  afterAll(() => service.close());

  const store = (id: string, scopes: string) =>
    service.identity.dataSource.query(`UPDATE api_keys SET scopes = ${scopes} WHERE id = '${id}'`);

  it.each(DAMAGED)('may do nothing that needs a scope, and harms no other: %j', async (scopes) => {
    const { id, plain_text_key: key } = await created(service, tenant.key, { name: 'Damaged', scopes: ['*'] });
    expect((await send(service, 'GET', KEYS, { key })).status).toBe(200);
    await store(id, `'${scopes}'`);
    for (const operation of await readOperations(service)) {
      if (operation.scopes.length === 0) continue;
      const { status, body } = await call(service, operation, key, target);
      expect([operation.name, status, body]).toMatchObject([operation.name, 403, { error: 'permission_denied' }]);
    }
    expect((await send(service, 'GET', `/v1/identity/authorize?scope=orders:read`, { key })).status).toBe(403);
    expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
    const listed = await send(service, 'GET', KEYS, { key: tenant.key });
    expect((listed.body as { id: string }[]).map((one) => one.id)).toContain(id);
  });

  it('has scopes all the same: the database stores no NULL for them', async () => {
    await expect(store(target.id, 'NULL')).rejects.toThrow(/not.null/i);
  });
});
