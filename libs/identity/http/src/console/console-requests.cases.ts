import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CONSOLE_API,
  cookieIn,
  ownOrigin,
  sendFromConsole,
  SESSION,
  SESSIONS,
  signIn,
  startConsoleHost,
} from '../../testing/console-host.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { E401, KEYS, send, sendRaw, WHOAMI } from '../../testing/requests.js';
import { IdentityModule } from '../index.js';
import { ConsoleOrigin, cookieOf, isConsoleRequest } from './console-request.js';

const FOUND = `${CONSOLE_API}${WHOAMI}`;

let host: Host;
let tenant: Tenant;
let cookie: string;

beforeAll(async () => {
  host = await startConsoleHost({
    adapter: { crossOrigin: { origins: ['*'], exposedHeaders: [], excludes: isConsoleRequest } },
  });
  tenant = await createTenant(host);
  cookie = await signIn(host, { key: tenant.key });
});
afterAll(() => host.app.close());

describe('a request of another origin with a stolen cookie', () => {
  const body = { name: 'stolen' };
  const post = (headers: Readonly<Record<string, string>>) =>
    send(host, 'POST', `${CONSOLE_API}${KEYS}`, { body, headers: { cookie, ...headers } });

  it.each<[string, (own: string) => Readonly<Record<string, string>>]>([
    ['no origin', () => ({})],
    ['another origin', () => ({ origin: 'https://evil.example' })],
    ['an opaque origin', () => ({ origin: 'null' })],
    ['another port of the host', () => ({ origin: 'http://127.0.0.1:1' })],
    ['another scheme', (own) => ({ origin: own.replace('http:', 'https:') })],
    ['an origin that begins like the own', (own) => ({ origin: `${own}.evil.example` })],
    ['a page of another site', (own) => ({ origin: own, 'sec-fetch-site': 'cross-site' })],
    ['a page of the same site', (own) => ({ origin: own, 'sec-fetch-site': 'same-site' })],
  ])('writes nothing: %s', async (_what, headers) => {
    const refused = await post(headers(ownOrigin(host)));
    expect(refused).toMatchObject({ status: 403, body: { error: 'permission_denied' } });
    expect(refused.text).not.toContain('origin: ');
  });

  it('writes from the own origin', async () => {
    expect((await post({ origin: ownOrigin(host), 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it.each(['POST', 'PATCH', 'PUT', 'DELETE', 'QUERY'])('writes nothing by %s, wherever it goes', async (method) => {
    for (const path of [SESSIONS, SESSION, FOUND, `${CONSOLE_API}/nothing`, `${CONSOLE_API}${KEYS}`]) {
      const { status } = await send(host, method, path, { headers: { cookie } });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  });

  it('does not get further with a key beside it', async () => {
    const headers = { cookie, origin: 'https://evil.example' };
    const refused = await send(host, 'POST', `${CONSOLE_API}${KEYS}`, { key: tenant.key, body, headers });
    expect(refused.status).toBe(403);
  });

  it.each(['cross-site', 'same-site'])('reads nothing: %s', async (site) => {
    const headers = { cookie, 'sec-fetch-site': site };
    for (const path of [FOUND, SESSION]) expect((await send(host, 'GET', path, { headers })).status).toBe(403);
  });

  it('is allowed by no answer to a question about CORS, though all origins may use the API', async () => {
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const path of [FOUND, SESSIONS, `${CONSOLE_API}${KEYS}`]) {
      for (const [method, headers] of [
        ['OPTIONS', asked],
        ['GET', { origin: asked.origin, cookie }],
      ] as const) {
        const answer = await send(host, method, path, { headers });
        expect([path, [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))]).toEqual([
          path,
          [],
        ]);
      }
    }
    expect((await send(host, 'OPTIONS', KEYS, { headers: asked })).headers.get('access-control-allow-origin')).toBe(
      '*',
    );
  });
});

describe('the cookie', () => {
  it('means nothing outside of /console/api', async () => {
    for (const path of [WHOAMI, KEYS]) {
      const answer = await sendFromConsole(host, 'GET', path, { cookie });
      expect([path, answer.status, answer.body]).toEqual([path, 401, E401]);
    }
  });

  it('is ignored beside a key, whichever of the two is valid', async () => {
    const other = await created(host, tenant.key, { name: 'other', scopes: ['a:b'] });
    const byKey = await sendFromConsole(host, 'GET', FOUND, { cookie, key: other.plain_text_key });
    expect(byKey.body).toMatchObject({ api_key: { id: other.id } });
    expect((await sendFromConsole(host, 'GET', FOUND, { cookie, key: 'wrong' })).status).toBe(401);
    const stale = await sendFromConsole(host, 'GET', FOUND, { cookie: 'feather_console=x', key: tenant.key });
    expect(stale.status).toBe(200);
  });

  it.each<[string, (own: string) => string]>([
    ['twice', (own) => `${own}; feather_console=${'A'.repeat(43)}`],
    ['twice, the other one first', (own) => `feather_console=${'A'.repeat(43)}; ${own}`],
    ['twice the same', (own) => `${own}; ${own}`],
    ['with the name for https', (own) => `__Host-${own}`],
    ['with another name', (own) => `x${own}`],
    // A blank to JavaScript, and part of the name to browsers, which let other hosts of the domain set it.
    ['behind U+00A0', (own) => `\u00a0${own}`],
    ['cut', (own) => own.slice(0, -1)],
    ['in quotes', (own) => own.replace('=', '="').concat('"')],
    ['as a hash', () => `feather_console=${[...host.identity.consoleSessions.sessions.keys()][0] ?? ''}`],
  ])('counts once and as it was set, not %s', async (_what, spoil) => {
    expect((await sendFromConsole(host, 'GET', FOUND, { cookie: spoil(cookie) })).status).toBe(401);
  });

  it('counts among others', async () => {
    const among = `theme=dark;${cookie}; other="feather_console=x"`;
    expect((await sendFromConsole(host, 'GET', FOUND, { cookie: among })).status).toBe(200);
    expect(cookieOf(undefined, 'a')).toBe('');
    expect(cookieOf('a=b=c', 'a')).toBe('b=c');
  });

  it('has no origin where no browser has one', () => {
    for (const url of ['foo://localhost', 'file:///localhost', '://localhost', ''])
      expect(ConsoleOrigin.of(url)).toBeNull();
  });

  it('is set where browsers keep it from others: over HTTPS, or on the machine itself', async () => {
    const body = { key: tenant.key };
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const headers = { host: `${name}:8000`, origin: `http://${name}:8000` };
      const answer = await send(host, 'POST', SESSIONS, { body, headers });
      expect([name, answer.status, cookieIn(answer)]).toEqual([name, 201, expect.stringMatching(/^feather_console=/)]);
    }
    for (const name of ['identity.example', '10.0.0.1', 'localhost.evil.example']) {
      const headers = { host: name, origin: `http://${name}` };
      const refused = await send(host, 'POST', SESSIONS, { body, headers });
      expect([name, refused.status, refused.headers.get('set-cookie')]).toEqual([name, 403, null]);
      expect((await send(host, 'GET', FOUND, { headers: { ...headers, cookie } })).status).toBe(401);
    }
  });
});

describe('behind PUBLIC_URL over HTTPS', () => {
  let secure: Host;
  let key: string;
  const origin = 'https://api.example.com';

  beforeAll(async () => {
    secure = await startConsoleHost({ identity: { publicUrl: `${origin}/feather` } });
    ({ key } = await createTenant(secure));
  });
  afterAll(() => secure.app.close());

  it('the cookie is bound to the host and to HTTPS, and no other one counts', async () => {
    const answer = await send(secure, 'POST', SESSIONS, { body: { key }, headers: { origin } });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-feather_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const own = cookieIn(answer);
    expect((await send(secure, 'GET', FOUND, { headers: { cookie: own } })).status).toBe(200);
    const planted = own.replace('__Host-', '');
    expect((await send(secure, 'GET', FOUND, { headers: { cookie: planted } })).status).toBe(401);
    expect((await send(secure, 'GET', FOUND, { headers: { cookie: `${planted}; ${own}` } })).status).toBe(200);
  });

  it('no other origin signs in, not even that of the connection', async () => {
    for (const wrong of [ownOrigin(secure), `${origin}:8443`, `${origin}/feather`]) {
      const refused = await send(secure, 'POST', SESSIONS, { body: { key }, headers: { origin: wrong } });
      expect([wrong, refused.status]).toEqual([wrong, 403]);
    }
  });
});

describe('a path of the console', () => {
  /** Sends the target as it is: clients that know what a URL is would change it. */
  const rawStatus = async (target: string, header: string): Promise<number> => {
    const head = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: close\r\n`;
    return Number((await sendRaw(host, `${head}${header}\r\n\r\n`)).slice('HTTP/1.1 '.length).slice(0, 3));
  };

  it.each([
    '/console/api/../v1/identity/whoami',
    '/console/api/v1/../v1/identity/whoami',
    '/console/api/v1/../../v1/identity/whoami',
    '/console/api//v1/identity/whoami',
    '/console//api/v1/identity/whoami',
    '//console/api/v1/identity/whoami',
    '/console/api/v1//identity/whoami',
    '/console/api/console/api/v1/identity/whoami',
    '/console/api/v1/console/api/v1/identity/whoami',
    '/CONSOLE/API/v1/identity/whoami',
    '/console/api/V1/identity/whoami',
    '/console/apiv1/identity/whoami',
    '/console/api/v2/identity/whoami',
    '/console/api/healthz',
    '/x/console/api/v1/identity/whoami',
    '/v1/console/api/v1/identity/whoami',
    '/console/api/v1/console/api/session',
    '/console/api/session/',
    '/console/api',
    '/console/api/v1',
    '/console/api/%00/v1/identity/whoami',
  ])('leads nowhere: %s', async (path) => {
    for (const header of [`Cookie: ${cookie}`, `X-Api-Key: ${tenant.key}`]) {
      expect([header, await rawStatus(path, header)]).toEqual([header, 404]);
    }
  });

  it.each([
    ['/console%2Fapi%2Fv1%2Fidentity%2Fwhoami', '/v1%2Fidentity%2Fwhoami'],
    ['/%63onsole/api/v1/identity/whoami', WHOAMI],
    ['http://elsewhere.example/console/api/v1/identity/whoami', `http://elsewhere.example${WHOAMI}`],
    [`${FOUND}?x=/v1/`, `${WHOAMI}?x=/v1/`],
  ])('is read as the API reads its own: %s', async (path, plain) => {
    expect(await rawStatus(plain, `X-Api-Key: ${tenant.key}`)).toBe(200);
    expect(await rawStatus(path, `Cookie: ${cookie}`)).toBe(200);
    expect(await rawStatus(plain, `Cookie: ${cookie}`)).toBe(401);
  });

  it('cannot be claimed by a header', async () => {
    const claims = {
      cookie,
      'x-original-url': FOUND,
      'x-rewrite-url': FOUND,
      'x-forwarded-uri': FOUND,
      'x-forwarded-prefix': CONSOLE_API,
      referer: `${ownOrigin(host)}${FOUND}`,
      'feather-identity console': 'true',
    };
    const { 'feather-identity console': _, ...sendable } = claims;
    expect((await send(host, 'GET', WHOAMI, { headers: sendable })).status).toBe(401);
  });

  it('does not mark the next request of its connection', async () => {
    const lines = (path: string, end: string) =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nCookie: ${cookie}\r\n${end}\r\n`;
    const bytes = lines(FOUND, '') + lines(WHOAMI, '') + lines(FOUND, 'Connection: close\r\n');
    const answers = await sendRaw(host, bytes);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/1.1 200']);
  });

  it('answers HEAD and 405 as the API does', async () => {
    for (const [method, path] of [
      ['HEAD', WHOAMI],
      ['PUT', WHOAMI],
      ['GET', '/v1/identity/nothing'],
    ] as const) {
      const byKey = await send(host, method, path, { key: tenant.key });
      const bySession = await sendFromConsole(host, method, `${CONSOLE_API}${path}`, { cookie });
      expect([bySession.status, bySession.text, bySession.headers.get('allow')]).toEqual([
        byKey.status,
        byKey.text,
        byKey.headers.get('allow'),
      ]);
    }
  });
});

describe('without the console', () => {
  it('there is none of its routes, and its cookie means nothing', async () => {
    const plain = await startHost({
      importIdentity: (given) => IdentityModule.forRoot({ ...given, operatorApi: true }),
    });
    const { key } = await createTenant(plain);
    for (const [method, path] of [
      ['POST', SESSIONS],
      ['GET', SESSION],
      ['GET', FOUND],
      ['POST', '/v1/identity/console-links'],
    ] as const) {
      const answer = await sendFromConsole(plain, method, path, { key, ...(method === 'POST' && { body: {} }) });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    await plain.app.close();
  });
});
