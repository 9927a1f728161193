import { OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../testing/databases.js';
import { type DescribedOperation, Description, examplesOf } from '../testing/description.js';
import { environment } from '../testing/environment.js';
import { call, type Operation, readOperations, readOperatorOperations } from '../testing/operations.js';
import { created, send, type Sent, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, startServiceIn, type Tenant } from '../testing/service.js';
import { storedRows } from '../testing/stored-rows.js';

const ORGANIZATIONS = '/v1/operator/organizations';

describe.each(DATABASES)('the operator API on %s', (type) => {
  let service: Service;
  let other: Service;
  let tenant: Tenant;
  let operations: Operation[];

  beforeAll(async () => {
    service = await startService(type, process.env);
    other = await startServiceIn(environment({ DATABASE_URL: urlOf(service) }));
    tenant = await createTenant(service);
    operations = await readOperatorOperations(service);
  });

  afterAll(async () => {
    await other.close();
    await service.close();
  });

  const operatorKey = async (scopes: readonly string[] | null = null) =>
    (await service.identity.manageOperatorKeys.create({ name: 'billing', scopes }, OPERATOR)).token.reveal();
  const place = (path: string, { organization, apiKey }: Tenant = tenant) =>
    path
      .replace('{organization_id}', organization.id)
      .replace('{member_id}', apiKey.memberId)
      .replace('{key_id}', apiKey.id);
  const said = async (on: Service, method: string, path: string, key?: string) => {
    const answer = await send(on, method, path, key === undefined ? {} : { key });
    const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    return { status: answer.status, text: answer.text, headers };
  };

  it('is off until there is an operator key: each route answers as one that does not exist, almost without queries', async () => {
    const begun = performance.now();
    const statements = await service.statements.during(async () => {
      for (const { method, path } of operations) {
        for (const key of [undefined, tenant.key]) {
          expect(await said(service, method, place(path), key)).toEqual(
            await said(service, method, '/v1/unknown', key),
          );
        }
        expect(await said(service, 'PUT', place(path))).toEqual(await said(service, 'PUT', '/v1/unknown'));
      }
    });
    expect(statements.length).toBeLessThanOrEqual(2 + (performance.now() - begun) / 1000);
  });

  it('is on for every instance as soon as there is one', async () => {
    const key = await operatorKey();
    for (const each of [service, other]) {
      expect((await send(each, 'GET', ORGANIZATIONS, { key })).status).toBe(200);
      expect((await send(each, 'GET', ORGANIZATIONS)).status).toBe(401);
    }
  });

  it('refuses every key of an organization, and the identity API every operator key, and nothing changes', async () => {
    const key = await operatorKey();
    const target = await created(service, tenant.key);
    const scoped = await created(service, tenant.key, {
      name: 'x',
      scopes: ['*', 'organizations:manage', 'members:*'],
    });
    const before = await storedRows(service);
    expect(operations.length).toBeGreaterThanOrEqual(16);
    for (const { name, method, path } of operations) {
      for (const theirs of [tenant.key, scoped.plain_text_key]) {
        const { status, body } = await send(service, method, place(path), { key: theirs });
        expect([name, status, body]).toMatchObject([name, 401, { error: 'authentication_required' }]);
      }
    }
    for (const operation of await readOperations(service)) {
      const { status, body } = await call(service, operation, key, target);
      expect([operation.name, status, body]).toMatchObject([operation.name, 401, { error: 'authentication_required' }]);
    }
    expect(await storedRows(service)).toEqual(before);
  });

  it('has no route that makes, changes or shows operator keys', () => {
    const paths = operations.map(({ path }) => path);
    expect(paths.filter((path) => /operator.*operator/.test(path))).toEqual([]);
  });

  it.each<[string, (tenant: Tenant, key: string) => Promise<unknown>]>([
    [
      'is disabled',
      ({ organization, apiKey }, key) =>
        send(service, 'PATCH', `${ORGANIZATIONS}/${organization.id}/members/${apiKey.memberId}`, {
          key,
          body: { is_active: false },
        }),
    ],
    [
      'is removed',
      ({ organization, apiKey }, key) =>
        send(service, 'DELETE', `${ORGANIZATIONS}/${organization.id}/members/${apiKey.memberId}`, { key }),
    ],
    [
      'is deleted with the organization',
      async ({ organization }, key) => {
        const path = `${ORGANIZATIONS}/${organization.id}`;
        const { confirm } = (await send(service, 'DELETE', path, { key })).body as { confirm: string };
        expect((await send(service, 'DELETE', `${path}?confirm=${confirm}`, { key })).status).toBe(200);
      },
    ],
  ])('ends the keys of a member who %s at the next request on every instance', async (_what, end) => {
    const own = await createTenant(service);
    for (const each of [service, other]) expect((await send(each, 'GET', WHOAMI, { key: own.key })).status).toBe(200);
    await end(own, await operatorKey());
    for (const each of [other, service]) expect((await send(each, 'GET', WHOAMI, { key: own.key })).status).toBe(401);
  });

  it('ends an operator key that is revoked at the next request on every instance', async () => {
    const { operatorKey: revoked, token } = await service.identity.manageOperatorKeys.create(
      { name: 'x', scopes: null },
      OPERATOR,
    );
    const key = token.reveal();
    for (const each of [service, other]) expect((await send(each, 'GET', ORGANIZATIONS, { key })).status).toBe(200);
    await service.identity.manageOperatorKeys.revoke(revoked, OPERATOR);
    for (const each of [service, other]) expect((await send(each, 'GET', ORGANIZATIONS, { key })).status).toBe(401);
  });

  it('costs a request with a key of an organization no query more', async () => {
    await send(service, 'GET', WHOAMI, { key: tenant.key });
    const statements = await service.statements.during(() => send(service, 'GET', WHOAMI, { key: tenant.key }));
    expect(statements.filter((text) => text.includes('operator'))).toEqual([]);
  });

  it('answers as /openapi.json says: every example of a request, and every refusal', async () => {
    const description = await Description.of(service);
    const key = await operatorKey();
    const narrow = await operatorKey(['audit:read']);
    const ask = async (operation: DescribedOperation, sent: Sent & { query?: string; path?: string }) => {
      const { query = '', path = operation.path, ...rest } = sent;
      const answer = await send(service, operation.method, place(path, await createTenant(service)) + query, rest);
      const faults = description.faults(operation, answer);
      expect([operation.name, answer.status, faults, answer.text]).toEqual([
        operation.name,
        answer.status,
        [],
        answer.text,
      ]);
      return answer;
    };
    for (const operation of description.operatorOperations) {
      const bodies =
        operation.requestBody === undefined
          ? [undefined]
          : examplesOf(operation.requestBody.content['application/json']);
      const required = operation.parameters.find(({ name }) => name === 'key_prefix') ? '?key_prefix=a' : '';
      for (const body of bodies) {
        const answer = await ask(operation, { key, body, query: required });
        expect([operation.name, body, answer.status < 300]).toEqual([operation.name, body, true]);
        await ask(operation, { body, query: required });
        await ask(operation, { key: narrow, body, query: required });
        await ask(operation, { key, body, query: '?at=now&limit=none&confirm=x' });
        await ask(operation, { key, body, query: '?cursor=x&confirm=x' });
        if (operation.path.includes('{'))
          await ask(operation, { key, body, path: operation.path.replace(/\{\w+\}/, tenantOfNobody) });
        if (body !== undefined) await ask(operation, { key, body: { name: 7, token: 7, external_id: 7, key: 7 } });
        if (body !== undefined) await ask(operation, { key, body: { name: 'x'.repeat(1_048_576) } });
      }
      await ask({ ...operation, method: 'PUT' }, { key });
    }
  });
});

const tenantOfNobody = '019ad1c3-0000-7000-8000-000000000000';

/** The database of a service, for another instance. */
function urlOf({ env: { database } }: Service): string {
  return database.type === 'sqlite' ? `sqlite:${database.path}` : database.url;
}
