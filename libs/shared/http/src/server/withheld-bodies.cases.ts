import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { exchangeBytes, expectOurHeaders, statusesIn } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';

const MEMBERS = '/v1/identity/org/members';
const AT_ONCE_MS = 2000;

const head = (method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');

describe('a body that nobody will read', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(() => app.close());

  it.each([
    ['an unknown path', 'POST', '/nothing', 404],
    ['a method that the path does not have', 'PUT', MEMBERS, 405],
    ['a method with a body of its own meaning', 'QUERY', MEMBERS, 405],
  ])('is not waited for: %s', async (_what, method, path, status) => {
    for (const announcement of ['Content-Length: 9', 'Content-Length: 9000000', 'Transfer-Encoding: chunked']) {
      const started = performance.now();
      const answer = await firstAnswer(head(method, path, announcement));
      expect(performance.now() - started).toBeLessThan(AT_ONCE_MS);
      expect(statusesIn(answer)).toEqual([status]);
      expectOurHeaders(answer);
    }
  });

  it('is never taken for a request when it comes after all', async () => {
    const inside = head('GET', '/inside');
    const bytes = head('POST', '/nothing', `Content-Length: ${inside.length}`) + inside;
    const received = await exchangeBytes(port, bytes + head('GET', MEMBERS, 'Connection: close'));
    expect(statusesIn(received)).toEqual([404, 200]);
  });

  /** What comes back first, on a connection that stays open. */
  const firstAnswer = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1');
      socket.setTimeout(AT_ONCE_MS, () => socket.destroy(new Error('no answer')));
      socket.once('error', reject).once('data', (text: string) => {
        resolve(text);
        socket.destroy();
      });
      socket.write(bytes);
    });
});
