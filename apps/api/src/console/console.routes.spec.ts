import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { routesOf } from '../../testing/operations.js';
import { send } from '../../testing/requests.js';
import { type Service, startServiceIn } from '../../testing/service.js';

const BUILD = fileURLToPath(new URL('../../testing/console-build/', import.meta.url));

const started = async (variables: Readonly<Record<string, string>> = {}, folder = BUILD): Promise<Service> =>
  startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}), ...variables }), 0, folder);

describe('/console', () => {
  let service: Service;

  beforeAll(async () => {
    service = await started({ CORS_ORIGINS: '*' });
  });
  afterAll(() => service.close());

  const get = (path: string, headers = {}) => send(service, 'GET', path, { headers });

  it.each([
    '/console',
    '/console/',
    '/console/keys',
    '/console/keys/1?tab=usage',
    '/console/sign-in',
    '/console/index.html',
  ])('is the page, at each of its addresses: %s', async (path) => {
    const { status, headers, text: page } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('<base href="/console/"');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('lets the page run its own scripts alone, be framed by nobody, and tell nobody where it was', async () => {
    const { headers } = await get('/console/keys', { origin: 'https://evil.example' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-allow'))).toEqual([]);
  });

  it('serves the files of the build, and those under assets for a year', async () => {
    const style = await get('/console/assets/app-a1.css');
    expect([style.status, style.headers.get('content-type'), style.headers.get('cache-control')]).toEqual([
      200,
      'text/css; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    const icon = await get('/console/icon.svg');
    expect([icon.headers.get('content-type'), icon.headers.get('cache-control')]).toEqual([
      'image/svg+xml',
      'no-cache',
    ]);
  });

  it.each([
    '/consolex',
    '/console/assets/app-a2.css',
    '/console/assets/',
    '/console/assets/../index.html',
    '/console/api/',
    '/console/api/assets/app-a1.css',
    '/console/api/<script>alert(1)</script>',
    '/console/assets/<script>alert(1)</script>',
  ])('is 404 in the words of the API, which repeat nothing, at %s', async (path) => {
    const answer = await raw(path);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('{"error":"not_found","message":"The requested resource was not found."}');
    expect(answer).not.toContain('script>');
  });

  it.each([
    '/console/notes.env',
    '/console/../package.json',
    '/console/..%2f..%2f..%2fpackage.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console//etc/passwd',
    '/console/assets%2f..%2f..%2fmemory-log.ts',
  ])('never serves another file: %s', async (path) => {
    const answer = await raw(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:404|200) /);
    expect(answer).not.toMatch(/not to be served|"name": "@feather|root:|MemoryLog/);
  });

  it('answers HEAD like GET, revalidates, and compresses for who wants it', async () => {
    const { headers } = await get('/console');
    const head = await send(service, 'HEAD', '/console');
    expect([head.status, head.text]).toEqual([200, '']);
    const known = await get('/console', { 'if-none-match': headers.get('etag') ?? '' });
    expect([known.status, known.text]).toEqual([304, '']);
    const response = await raw('/console/icon.svg', 'Accept-Encoding: gzip\r\n');
    expect(response).toContain('content-encoding: gzip');
    const body = Buffer.from(response.split('\r\n\r\n')[1] ?? '', 'latin1');
    expect(gunzipSync(body).toString()).toContain('<svg');
    expect((await send(service, 'POST', '/console/keys')).status).toBe(404);
  });

  /** Sends the target as it is. */
  const raw = async (target: string, headers = ''): Promise<string> => {
    const socket = connect(service.port, '127.0.0.1');
    socket.setEncoding('latin1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);
    return text(socket);
  };
});

it('the page knows the prefix of PUBLIC_URL', async () => {
  const service = await started({ PUBLIC_URL: "https://api.example.com/a&b/$&/it's" });
  expect((await send(service, 'GET', '/console')).text).toContain('<base href="/a&amp;b/$&amp;/it\'s/console/"');
  await service.close();
});

it('without a build there is no page and a line in the log, and everything else works', async () => {
  const service = await started({}, await mkdtemp(join(tmpdir(), 'no-console-')));
  expect(service.log.lines).toContainEqual(
    expect.objectContaining({ level: 40, msg: expect.stringMatching(/^CONSOLE=on, but the console is not built/) }),
  );
  expect(await send(service, 'GET', '/console')).toMatchObject({ status: 404, body: { error: 'not_found' } });
  expect((await send(service, 'GET', '/console/api/session')).status).toBe(401);
  expect((await send(service, 'GET', '/readyz')).status).toBe(200);
  await service.close();
});

describe('with CONSOLE=off', () => {
  const ofConsole = (name: string) => name.includes('console');

  it('there is no route, no byte and no query of it; nothing else is different', async () => {
    const [on, off] = [await started(), await started({ CONSOLE: 'off' })];
    expect(routesOf(off).filter(ofConsole)).toEqual([]);
    expect(routesOf(on).filter((route) => !ofConsole(route))).toEqual(routesOf(off));
    const description = async (service: Service) => {
      const { body } = await send(service, 'GET', '/openapi.json');
      const { paths } = body as { paths: object };
      return { text: JSON.stringify(body), paths: Object.keys(paths).filter((path) => !ofConsole(path)) };
    };
    const described = await description(off);
    expect(described.text).not.toContain('/console');
    expect((await description(on)).paths).toEqual(described.paths);
    for (const path of ['/console', '/console/', '/console/api/session', '/console/api/v1/identity/whoami']) {
      const sent = await off.statements.during(async () => {
        const unknown = await send(off, 'GET', '/elsewhere');
        const answer = await send(off, 'GET', path, { headers: { cookie: `feather_console=${'A'.repeat(43)}` } });
        expect([path, answer.status, answer.text]).toEqual([path, 404, unknown.text]);
      });
      expect(sent).toEqual([]);
    }
    expect(off.log.text).not.toContain('console');
    await Promise.all([on.close(), off.close()]);
  });

  it('is the default in production alone', () => {
    const isOn = (variables: Readonly<Record<string, string>>) => environment(variables).console;
    expect(isOn({})).toBe(true);
    expect(isOn({ NODE_ENV: 'production' })).toBe(false);
    expect(isOn({ NODE_ENV: 'production', CONSOLE: 'on' })).toBe(true);
  });
});
