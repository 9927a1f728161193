import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectRefusal } from '../support/refusal.js';
import { partsOf } from '../support/tokens.js';
import { FORGED_HEADERS, Gateway, unknownKey } from './gateway.js';
import { Nginx } from './nginx.js';

const LARGE_BODY = 'x'.repeat(300_000);
const describeWithNginx = Nginx.isInstalled() ? describe : describe.skip;

describeWithNginx('the documented nginx before an upstream', () => {
  let gateway: Gateway;
  let reader: { id: string; plain_text_key: string };

  beforeAll(async () => {
    gateway = await Gateway.start({ TRUSTED_PROXIES: '127.0.0.1' });
    reader = await gateway.newKey('orders:read');
  });

  beforeEach(() => {
    gateway.upstream.received.length = 0;
  });

  afterAll(() => gateway.remove());

  it('refuses whoever has no valid key, as the service does', async () => {
    expectRefusal(await gateway.nginx.send('/orders/1'));
    expectRefusal(await gateway.ask('/orders/1', unknownKey()));
    expectRefusal(await gateway.nginx.send('/orders/1', { method: 'POST', body: LARGE_BODY }));
    expect(gateway.upstream.received).toEqual([]);
  });

  it('tells the upstream who is calling', async () => {
    const whoami = (await gateway.service.whoami(reader.plain_text_key)).body as { organization_id: string };
    expect(await gateway.ask('/orders/1?page=2', reader.plain_text_key)).toMatchObject({
      status: 200,
      text: 'the answer of the upstream',
    });
    expect(gateway.upstream.last).toMatchObject({
      method: 'GET',
      path: '/orders/1?page=2',
      headers: {
        'x-organization-id': whoami.organization_id,
        'x-api-key-id': reader.id,
        'x-scopes': 'orders:read',
      },
    });
  });

  it('tells by * that a key is unrestricted', async () => {
    expect(await gateway.ask('/reports/1', gateway.service.firstKey)).toMatchObject({ status: 200 });
    expect(gateway.upstream.last.headers['x-scopes']).toBe('*');
  });

  it('gives the upstream neither the key nor what the client forged', async () => {
    const headers = { ...FORGED_HEADERS, 'x-api-key': reader.plain_text_key };
    expect(await gateway.nginx.send('/orders/1', { headers })).toMatchObject({ status: 200 });
    expect(gateway.upstream.last.headers).toMatchObject({ 'x-api-key-id': reader.id, 'x-scopes': 'orders:read' });
    expect(JSON.stringify(gateway.upstream.last)).not.toMatch(/forged|fth_live_/);
  });

  it('asks for the scopes of the location and names the missing ones', async () => {
    const answer = await gateway.ask('/reports/1', reader.plain_text_key);
    expect(answer).toMatchObject({ status: 403, body: { error: 'permission_denied' } });
    expect(answer.text).toContain('reports:read');
    expect(answer.text).not.toContain('orders:read');
    expect(gateway.upstream.received).toEqual([]);
  });

  it('asks for the scopes of the method', async () => {
    const answer = await gateway.ask('/orders/1', reader.plain_text_key, 'DELETE');
    expect(answer).toMatchObject({ status: 403, body: { error: 'permission_denied' } });
    expect(answer.text).toContain('orders:write');
    expect(gateway.upstream.received).toEqual([]);
  });

  it('checks the path that the upstream gets', async () => {
    const [reports, orders] = ['/orders/..%2freports/1', '/reports/..%2forders/1'];
    expect(await gateway.ask(reports, reader.plain_text_key)).toMatchObject({ status: 403 });
    expect(await gateway.ask(reports, gateway.service.firstKey)).toMatchObject({ status: 200 });
    expect(await gateway.ask(orders, reader.plain_text_key)).toMatchObject({ status: 200 });
    expect(gateway.upstream.received).toMatchObject([{ path: '/reports/1' }, { path: '/orders/1' }]);
  });

  it('refuses a revoked key on its next request', async () => {
    const { id, plain_text_key: key } = await gateway.newKey('orders:read');
    expect(await gateway.ask('/orders/1', key)).toMatchObject({ status: 200 });
    expect(await gateway.service.revoke(gateway.service.firstKey, id)).toMatchObject({ status: 204 });
    expectRefusal(await gateway.ask('/orders/1', key));
    expect(gateway.upstream.received).toHaveLength(1);
  });

  it.each(['POST', 'PUT', 'PATCH'])('passes the whole body of %s', async (method) => {
    const headers = { 'x-api-key': gateway.service.firstKey };
    const answer = await gateway.nginx.send('/orders/', { method, headers, body: LARGE_BODY });
    expect(answer).toMatchObject({ status: 200 });
    expect(gateway.upstream.last).toMatchObject({ method, path: '/orders/' });
    expect(gateway.upstream.last.body).toBe(LARGE_BODY);
  });

  it.each(['HEAD', 'DELETE', 'OPTIONS'])('passes %s', async (method) => {
    expect(await gateway.ask('/orders/1', gateway.service.firstKey, method)).toMatchObject({ status: 200 });
    expect(gateway.upstream.last).toMatchObject({ method, path: '/orders/1' });
  });

  it.each([401, 403, 500])("leaves the upstream's own %d alone", async (status) => {
    const answer = await gateway.ask(`/orders/${status}`, reader.plain_text_key);
    expect(answer).toMatchObject({ status, text: 'the answer of the upstream' });
  });

  it('keeps its question to itself', async () => {
    expect(await gateway.ask('/_authorize', gateway.service.firstKey)).toMatchObject({ status: 404 });
  });

  it('lets the service log which request it refused, for whom, and under which id', async () => {
    const key = gateway.service.firstKey;
    await gateway.ask(`/orders/2?key=${key}`, reader.plain_text_key, 'DELETE');
    // nginx asks twice: whether the request may pass, and what to answer.
    const twice = /^(?:.*\n)*.*"forwarded_path":"\/orders\/2".*\n(?:.*\n)*.*"forwarded_path":"\/orders\/2".*$/m;
    const lines = (await gateway.service.loggedLine(twice)).split('\n').filter((line) => line.includes('"/orders/2"'));
    const shown = { forwarded_method: 'DELETE', status: 403, client_address: '127.0.0.1', api_key_id: reader.id };
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject(shown);
      expect(await gateway.nginx.logs()).toContain(`id=${(JSON.parse(line) as { request_id: string }).request_id} `);
    }
    expect(gateway.service.output.split('\n').filter((text) => text.includes(partsOf(key).secret))).toHaveLength(1);
  });

  it('logs who called what, and no key', async () => {
    const key = gateway.service.firstKey;
    await gateway.nginx.send(`/orders/1?key=${key}`, { headers: { 'x-api-key': key, X_Api_Key: key } });
    const logs = await gateway.nginx.logs();
    expect(logs).toContain(`GET /orders/1 200`);
    expect(logs).toContain(`key=${reader.id}`);
    for (const token of [key, reader.plain_text_key]) expect(logs).not.toContain(partsOf(token).secret);
  });
});

describeWithNginx('the documented nginx when a key cannot be checked', () => {
  const unavailable = { status: 503, body: { error: 'service_unavailable' } };

  it('lets nobody through to the upstream while the service is down', async () => {
    const gateway = await Gateway.start();
    const key = gateway.service.firstKey;
    expect(await gateway.ask('/orders/1', key)).toMatchObject({ status: 200 });
    await gateway.service.stop();
    expect(await gateway.ask('/orders/1', key)).toMatchObject(unavailable);
    expect(await gateway.ask('/orders/1', unknownKey(), 'POST')).toMatchObject(unavailable);
    expect(gateway.upstream.received).toHaveLength(1);
    await gateway.remove();
  });

  it('says 503, and when to come back, where the service says 429', async () => {
    const gateway = await Gateway.start({ FAILED_AUTHENTICATIONS_PER_MINUTE: '1' });
    expectRefusal(await gateway.ask('/orders/1', unknownKey()));
    const answer = await gateway.ask('/orders/1', unknownKey());
    expect(answer).toMatchObject(unavailable);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(gateway.upstream.received).toEqual([]);
    await gateway.remove();
  });
});

describeWithNginx('the documented nginx with the lines for ACCEPT_BEARER=on', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    const lines = ['proxy_set_header Authorization "";', 'proxy_set_header Authorization $http_authorization;'];
    const changes = Object.fromEntries(lines.map((line) => [`#${line}`, line]));
    gateway = await Gateway.start({ ACCEPT_BEARER: 'on' }, changes);
  });

  afterAll(() => gateway.remove());

  it('takes a key as Bearer, which the upstream does not get, and neither of two', async () => {
    const { id, plain_text_key: key } = await gateway.newKey('orders:read');
    const authorization = `Bearer ${key}`;
    expect(await gateway.nginx.send('/orders/1', { headers: { authorization } })).toMatchObject({ status: 200 });
    expect(gateway.upstream.last.headers).toMatchObject({ 'x-api-key-id': id, 'x-scopes': 'orders:read' });
    expect(JSON.stringify(gateway.upstream.last)).not.toContain('fth_live_');
    const refused = [{ authorization, 'x-api-key': key }, { authorization: `Bearer ${unknownKey()}` }, {}];
    for (const headers of refused) {
      expect(await gateway.nginx.send('/orders/1', { headers })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="identity", ApiKey realm="identity"' },
      });
    }
    expect(await gateway.nginx.send('/reports/1', { headers: { authorization } })).toMatchObject({ status: 403 });
    expect(await gateway.nginx.logs()).not.toContain('fth_live_');
  });
});
