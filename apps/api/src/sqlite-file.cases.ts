import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, startServiceIn, type Tenant } from '../testing/service.js';

const PAGE_BYTES = 4096;

describe('the SQLite file under the service', () => {
  let service: Service;
  let tenant: Tenant;
  let path: string;

  beforeEach(async () => {
    service = await startService('sqlite', process.env);
    tenant = await createTenant(service);
    path = service.env.database.type === 'sqlite' ? service.env.database.path : '';
  });
  afterEach(() => service.close());

  const statusOf = async (method: string, route: string, body?: unknown) =>
    (await send(service, method, route, { key: tenant.key, ...(body === undefined ? {} : { body }) })).status;
  const readiness = async () => {
    const { status, body } = await send(service, 'GET', '/readyz');
    return [status, (body as { message?: string }).message];
  };
  const advice = () =>
    service.log.lines.filter(({ msg, level }) => level === 50 && String(msg).startsWith(`The database file ${path}`));

  it('is replaced by a backup: no key that was revoked since is accepted, and one line of the log tells what to do', async () => {
    const { id, plain_text_key: revoked } = await created(service, tenant.key);
    await service.identity.dataSource.query('VACUUM INTO ?', [`${path}.backup`]);
    expect(await statusOf('DELETE', `${KEYS}/${id}`)).toBe(204);
    renameSync(`${path}.backup`, path);
    expect(await readiness()).toEqual([503, 'The database file was deleted or replaced while it was in use.']);
    expect((await send(service, 'GET', WHOAMI, { key: revoked })).status).toBe(503);
    expect(await statusOf('GET', WHOAMI)).toBe(503);
    expect(await statusOf('POST', KEYS, { name: 'Lost' })).toBe(503);
    expect(advice()).toEqual([expect.objectContaining({ msg: expect.stringContaining('start again') })]);
  });

  it('has a damaged page: who meets it gets 503, the service is not ready, and one line tells what to do', async () => {
    const [table] = await service.identity.dataSource.query<[{ rootpage: number }]>(
      "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'api_key_secrets'",
    );
    await service.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (table.rootpage - 1) * PAGE_BYTES);
    closeSync(file);
    service = await startServiceIn(service.env);
    expect(await readiness()).toEqual([200, undefined]);
    expect(await statusOf('GET', WHOAMI)).toBe(503);
    expect(await statusOf('GET', WHOAMI)).toBe(503);
    expect(await readiness()).toEqual([503, 'The database file is damaged.']);
    expect(advice()).toEqual([expect.objectContaining({ msg: expect.stringContaining('PRAGMA integrity_check') })]);
  });
});
