import { afterAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpServer } from './create-http-server.js';

const STALLED_MS = 300;
const MEBIBYTE = 1_048_576;
/** More than the kernel takes for a client that does not read. */
const LARGE = Buffer.alloc(16 * MEBIBYTE, 'x');
/** Far beyond twice the limit and a check; what should not happen is waited for no longer. */
const PATIENCE_MS = 5000;

const answerLarge: RequestListener = (_request, response) => {
  response.end(LARGE);
};

describe('an answer that its client does not read', () => {
  const servers: Server[] = [];

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A server of one test: they wait most of their time, and so do it together. */
  const start = async (serve: RequestListener, unsentBytes = Infinity, stalledMs = STALLED_MS) => {
    const server = createHttpServer(serve, { writeLimits: { stalledMs, unsentBytes } });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  };
  const open = (port: number, path = '/'): Socket => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    return socket;
  };
  /** As the server sees it: a client that does not read does not notice. */
  const openConnections = (server: Server) =>
    new Promise<number>((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))));
  const settled = async (server: Server, connections: number) => {
    const deadline = performance.now() + PATIENCE_MS;
    while ((await openConnections(server)) !== connections && performance.now() < deadline) await sleep(50);
    return openConnections(server);
  };

  it.concurrent.each<[string, RequestListener]>([
    ['in one piece', answerLarge],
    [
      'in parts',
      (_request, response) => {
        response.write(LARGE);
        response.write(LARGE);
      },
    ],
  ])('ends its connection when nothing of it is taken for too long: %s', async (_how, serve) => {
    const { server, port } = await start(serve);
    const sockets = Array.from({ length: 3 }, () => open(port).pause());
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await settled(server, 0)).toBe(0);
    for (const socket of sockets) socket.destroy();
  });

  it.concurrent('goes on to a client that takes a little at a time', async () => {
    // The kernel takes more in bursts, when the client has read about half of what it holds.
    const { port } = await start(answerLarge, Infinity, 4 * STALLED_MS);
    const socket = open(port);
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 10);
    });
    while (received < LARGE.length && !socket.destroyed) await sleep(50);
    expect(received).toBeGreaterThan(LARGE.length);
    socket.destroy();
  });

  it.concurrent('does not end a connection on which an answer takes long to begin, or that waits for a next request', async () => {
    const { port } = await start((_request, response) => {
      setTimeout(() => response.end('late'), 4 * STALLED_MS);
    });
    const socket = open(port);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('late');
    await sleep(4 * STALLED_MS);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it.concurrent('ends connections when too many bytes wait on all of them, those first that were unread the longest', async () => {
    const closed: (string | undefined)[] = [];
    // The kernel takes a part of each answer, so that two of them may wait, but not three.
    const { server, port } = await start((request, response) => {
      response.on('close', () => closed.push(request.url)).end(LARGE);
    }, 2.6 * LARGE.length);
    server.removeAllListeners('timeout').on('timeout', () => undefined);
    const sockets: Socket[] = [];
    for (const path of ['/first', '/second', '/third']) {
      sockets.push(open(port, path).pause());
      // Longer than the server takes to look at its connections.
      await sleep(1200);
      if (path !== '/third') expect(closed).toEqual([]);
    }
    expect(closed).toEqual(['/first']);
    for (const socket of sockets) socket.destroy();
  });
});
