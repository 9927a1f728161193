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

  it('serves nothing else of the package it comes from', async () => {
    for (const path of ['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json', '/docs/']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});
