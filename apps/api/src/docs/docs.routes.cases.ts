import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../../testing/requests.js';
import { type Service, startService } from '../../testing/service.js';

describe('/docs', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService('sqlite', process.env);
  });

  afterAll(() => service.close());

  const get = (path: string) => send(service, 'GET', path);
  const assets = async () =>
    [...(await get('/docs')).text.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, target]) => new URL(target ?? '', 'http://host/docs'))
      .filter(({ protocol }) => protocol !== 'data:');

  it('is a page for people without a key', async () => {
    const { status, headers, text } = await get('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html>[^]*<div id="docs"><\/div>/);
  });

  it.each(['/', '/docs/', '/api/', '/api/docs/'])(
    'is where %s leads, also behind the prefix of a proxy',
    async (path) => {
      const { port } = service;
      const answer = await fetch(`http://127.0.0.1:${port}${path.replace('/api', '')}`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store']);
      const target = new URL(answer.headers.get('location') ?? '', `http://host${path}`);
      expect(target.href).toBe(`http://host${path.startsWith('/api') ? '/api' : ''}/docs`);
    },
  );

  it.each(['/', '/docs', '/openapi.json', '/healthz', '/readyz'])('answers HEAD like GET: %s', async (path) => {
    const ask = async (method: string) => {
      const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
        method,
        redirect: 'manual',
        headers: { 'accept-encoding': 'identity' },
      });
      const ofOneExchange = ['date', 'x-request-id', 'connection', 'keep-alive'];
      const headers = [...response.headers].filter(([name]) => !ofOneExchange.includes(name));
      return { status: response.status, headers: Object.fromEntries(headers), text: await response.text() };
    };
    const got = await ask('GET');
    expect(await ask('HEAD')).toEqual({ ...got, text: '' });
    expect(got.headers['content-length']).toBe(String(Buffer.byteLength(got.text)));
    const other = await send(service, 'PUT', path);
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('loads files of this service only, and each of them is there', async () => {
    const types = new Map<string, string | null>();
    for (const { host, pathname } of await assets()) {
      expect(host).toBe('host');
      const { status, headers, text } = await get(pathname);
      expect([pathname, status]).toEqual([pathname, 200]);
      expect(text.length).toBeGreaterThan(0);
      types.set(pathname, headers.get('content-type'));
    }
    expect(Object.fromEntries(types)).toEqual({
      '/docs/swagger-ui.css': 'text/css; charset=utf-8',
      '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
      '/docs/start.js': 'text/javascript; charset=utf-8',
    });
  });

  it('starts with a description that is there', async () => {
    const [, url = ''] = /url: '([^']+)'/.exec((await get('/docs/start.js')).text) ?? [];
    const { status, headers } = await get(new URL(url, 'http://host/docs').pathname);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  });

  it('holds no inline script, as its policy forbids them', async () => {
    const { headers, text } = await get('/docs');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|unsafe-eval|https?:|\*/);
    expect(text.match(/<script(?![^>]* src=)/g)).toBeNull();
    expect(text).not.toMatch(/ on\w+=/);
  });

  it('asks no other host, and keeps no key longer than the tab', async () => {
    const { text } = await get('/docs/start.js');
    expect(text).toContain("validatorUrl: 'none'");
    expect(text).toContain('persistAuthorization: false');
    expect(text).not.toMatch(/https?:|[sS]torage/);
  });

  it('lets a browser keep its files for good, and ask whether anything else is still the same', async () => {
    for (const { pathname, search } of await assets()) {
      const kept = await get(pathname + search);
      expect([pathname, kept.headers.get('cache-control')]).toEqual([pathname, 'public, max-age=31536000, immutable']);
    }
    // Its address does not tell what is in it.
    const versioned = `/openapi.json${(await assets())[0]?.search ?? ''}`;
    for (const path of ['/docs', '/openapi.json', '/docs/start.js', '/docs/start.js?v=another', versioned]) {
      const { headers } = await get(path);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-cache']);
      const etag = headers.get('etag') ?? '';
      const again = await send(service, 'GET', path, { headers: { 'if-none-match': `"other", ${etag}` } });
      expect([path, again.status, again.text, again.headers.get('etag')]).toEqual([path, 304, '', etag]);
      const changed = await send(service, 'GET', path, { headers: { 'if-none-match': 'W/"other"' } });
      expect([path, changed.status]).toEqual([path, 200]);
    }
  });

  it.each([
    ['gzip', 'gzip'],
    ['br, GZIP;q=0.5', 'gzip'],
    ['deflate,gzip', 'gzip'],
    ['gzip;q=0', null],
    ['gzip;q=0.000, br', null],
    ['br, deflate', null],
    ['xgzip', null],
    ['identity', null],
  ])('compresses for a client that takes it: %s', async (encodings, encoding) => {
    for (const path of ['/openapi.json', '/docs/swagger-ui-bundle.js']) {
      const { headers, text } = await send(service, 'GET', path, { headers: { 'accept-encoding': encodings } });
      expect([headers.get('content-encoding'), headers.get('vary')]).toEqual([encoding, 'Accept-Encoding']);
      // The text is the same: `fetch` has read what was compressed.
      expect(text.length).toBeGreaterThan(90_000);
      const sent = Number(headers.get('content-length'));
      if (encoding === null) expect(sent).toBe(Buffer.byteLength(text));
      else expect(sent).toBeLessThan(text.length / 3);
    }
  });

  it('serves nothing else of the package it comes from', async () => {
    for (const path of ['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});
