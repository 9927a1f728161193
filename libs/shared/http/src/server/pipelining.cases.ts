import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';

const SLOW_MS = 100;

const written = (method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const LAST = written('GET', '/last', 'Connection: close');

describe('requests sent ahead on one connection', () => {
  const events: string[] = [];
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startBareApp((instance) => {
      instance.addHook('onRequest', ({ method, url }, _reply, done) => {
        events.push(`${method} ${url} begins`);
        done();
      });
      instance.delete('/slow', async () => {
        await sleep(SLOW_MS);
        events.push('DELETE /slow ends');
        return 'slow';
      });
      instance.get('/torn', async (_request, reply) => {
        await sleep(SLOW_MS);
        reply.hijack().raw.destroy();
      });
      instance.get('/:name', async ({ params }) => (params as { name: string }).name);
      instance.post('/body', async () => 'body');
    }));
  });

  beforeEach(() => {
    events.length = 0;
  });

  afterAll(() => app.close());

  it('begin, their authentication included, when the one before is answered', async () => {
    const received = await exchangeBytes(port, written('DELETE', '/slow') + LAST);
    expect(statusesIn(received)).toEqual([200, 200]);
    expect(events).toEqual(['DELETE /slow begins', 'DELETE /slow ends', 'GET /last begins']);
  });

  it('are all answered in their order', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const received = await exchangeBytes(port, names.map((name) => written('GET', `/${name}`)).join('') + LAST);
    expect(received.split('HTTP/1.1 200 OK').map((text) => text.split('\r\n\r\n')[1])).toEqual([
      undefined,
      ...names,
      'last',
    ]);
  });

  it('never begin behind an answer that closes the connection', async () => {
    const received = await exchangeBytes(port, 'GET /a HTTP/1.1\r\n\r\n', written('DELETE', '/slow'));
    expect(statusesIn(received)).toEqual([400]);
    await sleep(2 * SLOW_MS);
    expect(events).not.toContain('DELETE /slow begins');
  });

  it('never begin behind an answer that was torn', async () => {
    expect(await exchangeBytes(port, written('GET', '/torn') + written('DELETE', '/slow'))).toBe('');
    await sleep(2 * SLOW_MS);
    expect(events).toEqual(['GET /torn begins']);
  });

  it('never begin once the client is gone', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(written('DELETE', '/slow') + LAST);
    await sleep(SLOW_MS / 2);
    socket.resetAndDestroy();
    await sleep(2 * SLOW_MS);
    expect(events).toEqual(['DELETE /slow begins', 'DELETE /slow ends']);
  });

  it('are answered as far as they wait in reasonable number, and the last of these says that it is the last', async () => {
    const flood = written('GET', '/flood').repeat(300);
    const received = await exchangeBytes(port, written('DELETE', '/slow') + flood, flood);
    expect(statusesIn(received)).toEqual(Array<number>(101).fill(200));
    expect(received.match(/connection: close/gi)).toHaveLength(1);
    expect(events).toHaveLength(102);
  });

  it.each([
    ['a body that is broken', written('POST', '/body', 'Transfer-Encoding: chunked') + 'zz\r\n', [200, 400]],
    ['bytes that are no request', '\x16\x03\x01\r\n\r\n', [200]],
    ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', [200]],
  ])('get their answers before the connection ends for %s', async (_what, behind, statuses) => {
    const received = await exchangeBytes(port, written('DELETE', '/slow') + behind);
    expect(statusesIn(received)).toEqual(statuses);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    expect(events).toEqual(['DELETE /slow begins', 'DELETE /slow ends']);
  });
});
