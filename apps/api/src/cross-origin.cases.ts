import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../testing/service.js';

const PAGE = 'https://app.example.com';
const STRANGER = 'https://app.example.com.evil.example';
const ONE_KEY = `${KEYS}/0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f`;

const start = async (variables: Readonly<Record<string, string>>) =>
  startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}), ...variables }));

/** The headers of the CORS protocol, and what it makes caches know. */
const corsOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));

const EXPOSED =
  'Link, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Ignored-Fields, X-Living-Descendants, X-Request-Id';
const READABLE = { 'access-control-allow-origin': PAGE, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };

describe('a service with CORS_ORIGINS', () => {
  let service: Service;
  let key: string;

  beforeAll(async () => {
    service = await start({ CORS_ORIGINS: `https://other.example, ${PAGE}` });
    ({ key } = await createTenant(service));
  });

  afterAll(() => service.close());

  const preflight = (path: string, method: string, origin = PAGE) =>
    send(service, 'OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type,x-api-key',
      },
    });

  it.each([
    [KEYS, 'POST', 'GET, POST'],
    [ONE_KEY, 'PATCH', 'GET, PATCH, DELETE'],
    [`${KEYS}/verify`, 'POST', 'POST'],
    ['/openapi.json', 'GET', 'GET, HEAD'],
  ])('tells a browser without a key what its page may send: %s', async (path, method, methods) => {
    const { status, headers, text } = await preflight(path, method);
    expect([status, text, headers.get('cache-control')]).toEqual([204, '', 'no-store']);
    const sorted = headers.get('access-control-allow-methods')?.split(', ').sort().join();
    expect(sorted).toBe(methods.split(', ').sort().join());
    expect(corsOf(headers)).toEqual({
      ...READABLE,
      'access-control-allow-methods': expect.any(String) as unknown,
      'access-control-allow-headers': 'content-type,x-api-key',
      'access-control-max-age': '600',
    });
  });

  it('lets caches tell origins and encodings of the description apart, and no page read the metrics', async () => {
    for (const headers of [{ origin: PAGE }, { origin: STRANGER }, { origin: PAGE, 'if-none-match': '*' }]) {
      expect((await send(service, 'GET', '/openapi.json', { headers })).headers.get('vary')).toBe(
        'Origin, Accept-Encoding',
      );
    }
    const metered = await start({ CORS_ORIGINS: '*', METRICS: 'on' });
    const { status, headers } = await send(metered, 'GET', '/metrics', { headers: { origin: PAGE } });
    await metered.close();
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  it.each([
    [200, WHOAMI, () => ({ key })],
    [401, WHOAMI, () => ({})],
    [404, '/nothing', () => ({ key })],
    [405, WHOAMI, () => ({ key }), 'PUT'],
    [422, `${KEYS}?limit=0`, () => ({ key })],
  ])('lets the page read its %i', async (status, path, sent, method = 'GET') => {
    const answer = await send(service, method, path, { ...sent(), headers: { origin: PAGE } });
    expect([answer.status, corsOf(answer.headers)]).toEqual([status, READABLE]);
  });

  it.each([STRANGER, 'https://APP.example.com', 'http://app.example.com', 'null'])(
    'says nothing to a page of %s',
    async (origin) => {
      const asked = await preflight(KEYS, 'POST', origin);
      expect([asked.status, asked.headers.get('allow'), corsOf(asked.headers)]).toEqual([
        405,
        'POST, GET',
        { vary: 'Origin' },
      ]);
      const answer = await send(service, 'GET', WHOAMI, { key, headers: { origin } });
      expect([answer.status, corsOf(answer.headers)]).toEqual([200, { vary: 'Origin' }]);
    },
  );

  it('knows no OPTIONS but that question, and only on paths that it has', async () => {
    const plain = await send(service, 'OPTIONS', KEYS, { headers: { origin: PAGE } });
    expect([plain.status, plain.headers.get('allow')]).toEqual([405, 'POST, GET']);
    expect((await preflight('/nothing', 'GET')).status).toBe(404);
  });
});

it('CORS_ORIGINS=* lets pages of every origin use the API, and none of them with cookies', async () => {
  const service = await start({ CORS_ORIGINS: '*' });
  const { headers } = await send(service, 'GET', WHOAMI, { headers: { origin: STRANGER } });
  const toPrograms = await send(service, 'GET', WHOAMI);
  await service.close();
  expect(corsOf(headers)).toEqual({ 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED });
  expect(corsOf(toPrograms.headers)).toEqual({});
});

it('without CORS_ORIGINS no page of another origin may use the API', async () => {
  const service = await start({});
  const sent = { headers: { origin: PAGE, 'access-control-request-method': 'GET' } };
  const answers = [await send(service, 'OPTIONS', WHOAMI, sent), await send(service, 'GET', WHOAMI, sent)];
  await service.close();
  expect(answers.map(({ status, headers }) => [status, corsOf(headers)])).toEqual([
    [405, {}],
    [401, {}],
  ]);
});
