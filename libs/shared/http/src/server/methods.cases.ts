import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exchangeBytes, expectOurHeaders } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';

const MEMBERS = '/v1/identity/org/members';
const KEYS = '/v1/identity/api-keys';
const CLOSE = 'Host: a\r\nConnection: close\r\n';

describe('methods on known paths', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(() => app.close());

  it.each([
    ['PUT', KEYS, 'POST'],
    ['PATCH', KEYS, 'POST'],
    ['OPTIONS', KEYS, 'POST'],
    ['HEAD', MEMBERS, 'GET'],
    ['TRACE', MEMBERS, 'GET'],
    ['PROPFIND', MEMBERS, 'GET'],
    ['GET', `${KEYS}/x`, 'DELETE'],
    ['QUERY', MEMBERS, 'GET'],
    ['PATCH', KEYS.replace('v1', '%761'), 'POST'],
    ['POST', `http://a${MEMBERS}?limit=0`, 'GET'],
    // No resource of ours, so no method at all.
    ['CONNECT', 'a:443', ''],
  ])('get 405 with Allow: %s %s', async (method, path, allow) => {
    const answer = await exchangeBytes(port, `${method} ${path} HTTP/1.1\r\n${CLOSE}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toMatch(new RegExp(`\\r\\nallow: ${allow}\\r\\n`, 'i'));
    expectOurHeaders(answer);
  });

  it.each([
    ['Content-Type: application/json\r\n', ''],
    ['Content-Type: application/json\r\nContent-Length: 0\r\n', ''],
    ['Content-Type: application/json\r\nContent-Length: 1\r\n', '{'],
    ['Content-Type: ;;\r\nContent-Length: 1\r\n', '{'],
    ['Content-Length: 1\r\n', '{'],
  ])('reach a handler that declares no body whatever body DELETE announces: %j', async (headers, body) => {
    const path = `${KEYS}/0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f`;
    const answer = await exchangeBytes(port, `DELETE ${path} HTTP/1.1\r\n${CLOSE}${headers}\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expectOurHeaders(answer);
  });
});
