import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../../testing/databases.js';
import { send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startService } from '../../testing/service.js';

const notReady = (message: string) => ({ error: 'service_unavailable', message, retryable: true, retry_after: 1 });

describe.each(DATABASES)('the probes of a service on %s', (type) => {
  let service: Service;

  beforeEach(async () => {
    service = await startService(type, process.env);
  });

  afterEach(() => service.close());

  const probe = async (path: string) => {
    const { status, headers, body } = await send(service, 'GET', path);
    return [status, headers.get('retry-after'), body];
  };

  it('answer 200 without a key while all is well', async () => {
    expect(await probe('/healthz')).toEqual([200, null, { status: 'ok' }]);
    expect(await probe('/readyz')).toEqual([200, null, { status: 'ok' }]);
  });

  it('tell a process that lives from one that is not ready: the database is gone', async () => {
    const { key } = await createTenant(service);
    await service.identity.dataSource.destroy();
    expect(await probe('/healthz')).toEqual([200, null, { status: 'ok' }]);
    expect(await probe('/readyz')).toEqual([503, '1', notReady('The database is not reachable.')]);
    expect((await send(service, 'GET', WHOAMI, { key })).status).toBeGreaterThanOrEqual(500);
  });

  it('are not ready while a migration is missing', async () => {
    await service.identity.dataSource.query('DELETE FROM migrations');
    expect(await probe('/readyz')).toEqual([503, '1', notReady('The database is not migrated.')]);
    expect(await probe('/healthz')).toEqual([200, null, { status: 'ok' }]);
  });

  it.each([
    ['a column is missing', 'ALTER TABLE api_key_secrets RENAME COLUMN hash TO verifier', 'Keys cannot be looked up: '],
    [
      'a newer version has removed what this one needs',
      "INSERT INTO migrations (timestamp, name) VALUES (1, 'ContractIdentityHash1999000000000')",
      'The database was migrated by a newer version, which removed what this one needs.',
    ],
  ])('are not ready where %s', async (_, statement, reason) => {
    await service.identity.dataSource.query(statement);
    expect(await probe('/readyz')).toEqual([503, '1', notReady(expect.stringContaining(reason) as unknown as string)]);
    expect(await probe('/healthz')).toEqual([200, null, { status: 'ok' }]);
  });
});

it('the probes on PostgreSQL look once for all who ask meanwhile: anybody may, and requests wait for connections', async () => {
  const service = await startService('postgres', process.env);
  const probe = async () => (await send(service, 'GET', '/readyz')).status;
  const alone = await service.statements.during(probe);
  const together = await service.statements.during(async () => {
    const statuses = await Promise.all(Array.from({ length: 100 }, probe));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
  await service.close();
  expect(together.length).toBeLessThan(50 * alone.length);
});
