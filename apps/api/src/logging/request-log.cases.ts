import { once } from 'node:events';
import { connect } from 'node:net';
import { OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startService, startServiceIn, type Tenant } from '../../testing/service.js';

const INFO = 30;

describe('the log of requests', () => {
  let service: Service;
  let tenant: Tenant;
  let logged = 0;

  beforeAll(async () => {
    service = await startService('sqlite', process.env);
    tenant = await createTenant(service);
  });

  afterAll(() => service.close());

  /** The answer to a request and its line. */
  const request = async (...[method, path, sent]: [string, string, Parameters<typeof send>[3]?]) => {
    const answer = await send(service, method, path, sent);
    logged += 1;
    const lines = await service.log.requests(logged);
    expect(lines).toHaveLength(logged);
    return { answer, line: lines.at(-1) ?? {} };
  };

  it('has one line a request with exactly these fields', async () => {
    const { answer, line } = await request('GET', WHOAMI, { key: tenant.key });
    const { time, duration_ms, request_id, ...rest } = line;
    expect(rest).toEqual({
      level: 30,
      msg: 'request',
      method: 'GET',
      route: WHOAMI,
      status: 200,
      trace_id: null,
      client_address: '127.0.0.1',
      organization_id: tenant.organization.id,
      api_key_id: tenant.apiKey.id,
    });
    expect(time).toEqual(expect.any(Number));
    expect(duration_ms).toBeGreaterThan(0);
    expect(duration_ms).toBeLessThan(10_000);
    expect(request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
    expect(answer.headers.get('x-request-id')).toBe(request_id);
  });

  it.each([
    ['GET', `${WHOAMI}?organization_id=1`, WHOAMI, 401],
    ['DELETE', `${KEYS}/0198ffff-0000-7000-8000-000000000001`, `${KEYS}/:key_id`, 401],
    ['GET', '/openapi.json', '/openapi.json', 200],
    ['GET', '/nowhere', null, 404],
    ['PUT', KEYS, null, 405],
    ['GET', '/%00', null, 404],
  ])('names the pattern of the route, and nobody where nobody was authenticated: %s %s', async (...row) => {
    const [method, path, route, status] = row;
    const { answer, line } = await request(method, path);
    expect(line).toMatchObject({ method, route, status, organization_id: null, api_key_id: null });
    expect(answer.headers.get('x-request-id')).toBe(line['request_id']);
  });

  it('names the operator key of a request of the operator API, also where it lacks the scope', async () => {
    const wanted = { name: 'billing', scopes: ['organizations:read'] };
    const { operatorKey, token } = await service.identity.manageOperatorKeys.create(wanted, OPERATOR);
    for (const [path, status] of [
      ['/v1/operator/organizations', 200],
      ['/v1/operator/audit-events', 403],
    ] as const) {
      const { line } = await request('GET', path, { key: token.reveal() });
      const nobody = { organization_id: null, api_key_id: null };
      expect(line).toMatchObject({ route: path, status, ...nobody, operator_key_id: operatorKey.id });
    }
    const { line } = await request('GET', '/v1/operator/organizations', { key: `${token.reveal()}x` });
    expect(line).not.toHaveProperty('operator_key_id');
  });

  it('names the key that a request has made, changed, rotated or revoked, and none where it was refused', async () => {
    const { key } = tenant;
    const made = await request('POST', KEYS, { key, body: { name: 'CI' } });
    const { id } = made.answer.body as { id: string };
    const changed = [
      made,
      await request('PATCH', `${KEYS}/${id}`, { key, body: { name: 'Renamed' } }),
      await request('POST', `${KEYS}/${id.toUpperCase()}/rotate`, { key }),
      await request('DELETE', `${KEYS}/${id}`, { key }),
    ];
    for (const { line } of changed)
      expect(line).toMatchObject({ changed_api_key_id: id, api_key_id: tenant.apiKey.id });
    const refused = [
      await request('DELETE', `${KEYS}/${id}`, { key }),
      await request('PATCH', `${KEYS}/${id}`, { key, body: { name: 'Late' } }),
      await request('POST', KEYS, { key, body: { name: '' } }),
      await request('GET', `${KEYS}/${id}`, { key }),
    ];
    for (const { line } of refused) expect(line).not.toHaveProperty('changed_api_key_id');
    const wanted = { name: 'sign-up', scopes: ['organizations:manage', 'api_keys:manage'] };
    const { token } = await service.identity.manageOperatorKeys.create(wanted, OPERATOR);
    const body = { name: 'Other', first_key_scopes: ['*'] };
    const signUp = await request('POST', '/v1/operator/organizations', { key: token.reveal(), body });
    const first = signUp.answer.body as { organization: { id: string }; api_key: { id: string } };
    const path = `/v1/operator/organizations/${first.organization.id}/api-keys/${first.api_key.id}`;
    const revoked = await request('DELETE', path, { key: token.reveal() });
    for (const { line } of [signUp, revoked]) expect(line).toMatchObject({ changed_api_key_id: first.api_key.id });
  });

  it("takes over no client's id, and nothing that a proxy would say", async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'x-request-id': 'theirs', 'request-id': 'theirs', traceparent, 'x-original-uri': '/theirs' };
    const { answer, line } = await request('GET', '/openapi.json', { headers });
    expect(JSON.stringify(line)).not.toMatch(/theirs|0af765/);
    expect(answer.headers.get('x-request-id')).toBe(line['request_id']);
  });

  it('gives every request an id of its own', async () => {
    await request('GET', '/openapi.json');
    const ids = (await service.log.requests(logged)).map((line) => line['request_id']);
    expect(new Set(ids).size).toBe(logged);
  });

  it.each([
    [400, 'hello fth_live_secret\r\n\r\n'],
    [400, `fth_live_secret ${KEYS} HTTP/1.1\r\nHost: a\r\n\r\n`],
    [431, `GET ${WHOAMI} HTTP/1.1\r\nX: ${'fth_live_secret'.repeat(2000)}\r\n\r\n`],
  ])('has one line for an answer to what could not be read, and shows none of it: %i', async (status, bytes) => {
    const socket = connect(service.port, '127.0.0.1', () => socket.write(bytes)).resume();
    await once(socket, 'close');
    logged += 1;
    const line = (await service.log.requests(logged)).at(-1);
    const nobody = { organization_id: null, api_key_id: null };
    const unread = { method: null, route: null, duration_ms: null, request_id: null };
    const unknown = { ...unread, trace_id: null, client_address: null, ...nobody };
    expect(line).toEqual({ level: 30, time: expect.any(Number), msg: 'request', status, ...unknown });
    expect(service.log.text).not.toContain('fth_live_secret');
  });
});

describe('a flood of requests that are refused', () => {
  it('has 60 lines a minute, and everybody else has theirs (LG1)', async () => {
    const service = await startService('sqlite', process.env);
    const { key } = await createTenant(service);
    for (let index = 0; index < 80; index += 1) await send(service, 'GET', WHOAMI, { key: 'junk' });
    await send(service, 'GET', WHOAMI, { key });
    await send(service, 'GET', '/openapi.json');
    const statuses = (await service.log.requests(62)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    await service.close();
  });
});

describe('the probes of a load balancer', () => {
  it('have a line only where they fail', async () => {
    const service = await startServiceIn(
      environment({ DATABASE_URL: await emptyDatabase('sqlite', process.env), METRICS: 'on' }),
    );
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await send(service, 'GET', path)).status).toBe(200);
    await service.identity.dataSource.destroy();
    expect((await send(service, 'GET', '/readyz')).status).toBe(503);
    const shown = (await service.log.requests(4)).filter(({ level }) => Number(level) >= INFO);
    expect(shown.map(({ route, status }) => [route, status])).toEqual([['/readyz', 503]]);
    await service.close();
  });
});
