import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { created, send, type Sent, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../../testing/service.js';

const AUTHORIZE = '/v1/identity/authorize';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const OWN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

describe('the log behind a trusted proxy', () => {
  let service: Service;
  let tenant: Tenant;
  let logged = 0;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase('sqlite', process.env);
    service = await startServiceIn(environment({ DATABASE_URL, TRUSTED_PROXIES: '127.0.0.1' }));
    tenant = await createTenant(service);
  });

  afterAll(() => service.close());

  /** The line of a request with these headers, and the id that its client got. */
  const lineOf = async (headers: NonNullable<Sent['headers']>, key: string | undefined = tenant.key, path = WHOAMI) => {
    const answer = await send(service, 'GET', path, { headers, ...(key === '' ? {} : { key }) });
    logged += 1;
    const line = (await service.log.requests(logged)).at(-1) ?? {};
    return { line, status: answer.status, id: answer.headers.get('x-request-id') };
  };

  it.each(['0af7651916cd43dd8448eb211c80319c', '7d444840-9dc0-11d1-b245-5ffdce74fad2', 'Root=1-67891233-abcdef', 'a'])(
    'has the id that the proxy gave the request, and so has the answer: %s',
    async (given) => {
      const { line, id } = await lineOf({ 'x-request-id': given });
      expect([line['request_id'], id]).toEqual([given, given]);
    },
  );

  it.each(['', 'a b', 'x'.repeat(51), 'fth_live_x', '-x', 'a"b', 'ä', 'a,b'])(
    'has an id of our own where that is none: %j',
    async (given) => {
      const { line, id } = await lineOf({ 'x-request-id': given });
      expect(line['request_id']).toMatch(OWN_ID);
      expect(id).toBe(line['request_id']);
    },
  );

  it.each([
    [`00-${TRACE}-b7ad6b7169203331-01`, TRACE],
    [`01-${TRACE}-b7ad6b7169203331-01-more`, TRACE],
    [`ff-${TRACE}-b7ad6b7169203331-01`, null],
    [`00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`, null],
    [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, null],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, null],
    ['00-fth_live_secret', null],
  ])('names the trace: traceparent %s', async (traceparent, expected) => {
    expect((await lineOf({ traceparent })).line['trace_id']).toBe(expected);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7:41000', '203.0.113.7'],
    ['[2001:db8::7]:41000', '2001:db8::7'],
    ['unknown', '127.0.0.1'],
  ])('names the client by its address: %s', async (forwardedFor, expected) => {
    expect((await lineOf({ 'x-forwarded-for': forwardedFor })).line['client_address']).toBe(expected);
  });

  it.each([
    ['nginx', 'x-original-method', 'x-original-uri'],
    ['Traefik and Caddy', 'x-forwarded-method', 'x-forwarded-uri'],
  ])('shows a refused request as the client made it, without its query (%s)', async (_, method, uri) => {
    const asked = { [method]: 'DELETE', [uri]: '/orders/1?token=secret' };
    const shown = { forwarded_method: 'DELETE', forwarded_path: '/orders/1' };
    const { id, plain_text_key: key } = await created(service, tenant.key, { name: 'CI', scopes: ['orders:read'] });
    logged += 1;
    const forbidden = await lineOf(asked, key, `${AUTHORIZE}?scope=orders:write`);
    const caller = { organization_id: tenant.organization.id, api_key_id: id };
    expect(forbidden.line).toMatchObject({ route: AUTHORIZE, status: 403, ...shown, ...caller });
    const refused = await lineOf(asked, '', AUTHORIZE);
    expect(refused.line).toMatchObject({ status: 401, ...shown, organization_id: null, api_key_id: null });
    const passed = await lineOf(asked, key, AUTHORIZE);
    expect(passed.line).not.toHaveProperty('forwarded_path');
  });

  it.each([
    [{ 'x-original-method': 'fth_live', 'x-original-uri': 'fth_live' }, {}],
    [{ 'x-original-uri': `/a/${'b'.repeat(37)}/c#d` }, { forwarded_path: '/a/*/c' }],
    [{ 'x-original-uri': '/a\x9b31m/\u00e9' }, { forwarded_path: '/a?31m/?' }],
    [{ 'x-original-uri': '/ab'.repeat(200) }, { forwarded_path: '/ab'.repeat(200).slice(0, 256) }],
  ])('shows nothing that is no method or path, and no long part of one: %j', async (headers, expected) => {
    const { line } = await lineOf(headers, '');
    const { forwarded_method: method, forwarded_path: path } = line;
    expect(JSON.parse(JSON.stringify({ forwarded_method: method, forwarded_path: path }))).toEqual(expected);
  });
});
