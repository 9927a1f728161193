import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';
import type { RawBody } from './index.js';

const REQUESTS = 300;
const SLOW_MS = 100;

const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAA'];
const WEBSOCKET = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA=='];

const written = (method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const LAST = written('GET', '/last', 'Connection: close');

const bodiesIn = (received: string) => received.split(/HTTP\/1\.1 \d{3} /).map((text) => text.split('\r\n\r\n')[1]);
/** Since version 26 Node reads the body of such a request itself, and drops what follows it in the same packet. */
const closesAfterBodies = Number.parseInt(process.versions.node, 10) >= 26;

describe('a request that offers another protocol', () => {
  let app: NestFastifyApplication;
  let port: number;
  let connections = 0;
  let client: Socket | undefined;

  beforeAll(async () => {
    ({ app, port } = await startBareApp((instance) => {
      instance.get('/slow', async () => {
        await sleep(SLOW_MS);
        return 'slow';
      });
      instance.get('/unreachable', async () => {
        await sleep(SLOW_MS);
        client?.resetAndDestroy();
        return 'answered before anybody noticed';
      });
      instance.get('/:name', async ({ params }) => (params as { name: string }).name);
      instance.post('/body', async ({ body }) => (body as RawBody | undefined)?.bytes.toString() ?? 'nothing');
    }));
    const seen = new WeakSet<object>();
    app.getHttpServer().on('connection', (socket: object) => {
      if (!seen.has(socket)) connections += 1;
      seen.add(socket);
    });
  });

  beforeEach(() => {
    connections = 0;
  });

  afterAll(() => app.close());

  it('is served as if it offered none, on a connection that stays open', async () => {
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    for (let sent = 0; sent < REQUESTS; sent += 1) {
      const offer = sent % 2 === 0 ? H2C : WEBSOCKET;
      // A body that comes in a packet of its own, as Java's client sends it.
      const posts = sent % 3 === 0 && !closesAfterBodies;
      const [head, body] = posts ? [written('POST', '/body', ...offer, 'Content-Length: 4'), `n${sent}`] : [];
      socket.write(head ?? written('GET', `/n${sent}`, ...offer));
      if (body !== undefined) {
        await sleep(1);
        socket.write(body.padEnd(4));
      }
      const [answer] = (await once(socket, 'data')) as [string];
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 200 [^]*\\r\\n\\r\\nn${sent} *$`));
      expect(answer).not.toMatch(/\r\nconnection: close\r\n/i);
    }
    socket.destroy();
    expect(connections).toBe(1);
    expect(warnings).toEqual([]);
  });

  it('is answered in its turn, and so are the requests behind it in the same packet', async () => {
    const received = await exchangeBytes(
      port,
      [
        written('GET', '/slow'),
        written('GET', '/a', ...H2C),
        written('GET', '/slow', ...WEBSOCKET),
        written('POST', '/body', ...H2C, 'Content-Length: 0'),
        written('GET', '/b'),
        written('GET', '/c', ...H2C),
        LAST,
      ].join(''),
    );
    expect(bodiesIn(received)).toEqual([undefined, 'slow', 'a', 'slow', 'nothing', 'b', 'c', 'last']);
  });

  (closesAfterBodies ? it.skip : it)('has its body read, and not the requests behind it', async () => {
    const received = await exchangeBytes(
      port,
      [
        `${written('POST', '/body', ...H2C, 'Content-Length: 3')}abc`,
        `${written('POST', '/body', ...H2C, 'Transfer-Encoding: chunked')}3\r\ndef\r\n0\r\n\r\n`,
        written('GET', '/a'),
        `${written('POST', '/a', ...H2C, `Content-Length: ${LAST.length}`)}${LAST}`,
        LAST,
      ].join(''),
    );
    expect(statusesIn(received)).toEqual([200, 200, 200, 405, 200]);
    expect(bodiesIn(received).slice(1, 4)).toEqual(['abc', 'def', 'a']);
  });

  (closesAfterBodies ? it : it.skip)('says that its connection ends if it has a body', async () => {
    const bytes = `${written('POST', '/body', ...H2C, 'Content-Length: 3')}abc${LAST}`;
    const received = await exchangeBytes(port, bytes);
    expect(bodiesIn(received)).toEqual([undefined, 'abc']);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('is refused like any other', async () => {
    expect(statusesIn(await exchangeBytes(port, written('POST', '/a', ...H2C) + LAST))).toEqual([405, 200]);
    expect(statusesIn(await exchangeBytes(port, `GET /a HTTP/1.1\r\n${H2C.join('\r\n')}\r\n\r\n`))).toEqual([400]);
    expect(statusesIn(await exchangeBytes(port, `${written('GET', '/a', ...H2C)}\x16\x03\x01\r\n\r\n`))).toEqual([200]);
  });

  it('is left to an application that has a listener for it', async () => {
    const other = await startBareApp(() => undefined);
    other.app.getHttpServer().on('upgrade', (_request: unknown, socket: Socket) => {
      socket.on('data', (chunk) => socket.end(chunk)).write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    const socket = connect(other.port, '127.0.0.1').setEncoding('latin1');
    try {
      socket.write(written('GET', '/a', ...WEBSOCKET));
      expect(await once(socket, 'data')).toEqual(['HTTP/1.1 101 Switching Protocols\r\n\r\n']);
      socket.write('hello');
      expect(await once(socket, 'data')).toEqual(['hello']);
    } finally {
      socket.destroy();
      await other.app.close();
    }
  });

  it('is not served once its client is gone, and leaves the process alive', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(written('GET', '/slow') + written('GET', '/a', ...H2C));
    await sleep(SLOW_MS / 2);
    socket.resetAndDestroy();
    await sleep(2 * SLOW_MS);
    expect(bodiesIn(await exchangeBytes(port, LAST))).toEqual([undefined, 'last']);
  });

  it('leaves the process alive when the answer before it cannot be written', async () => {
    client = connect(port, '127.0.0.1');
    client.write(written('GET', '/unreachable') + written('GET', '/a', ...H2C));
    await once(client, 'close');
    await sleep(SLOW_MS);
    expect(bodiesIn(await exchangeBytes(port, LAST))).toEqual([undefined, 'last']);
  });
});
