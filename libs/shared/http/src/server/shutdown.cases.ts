import { describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';

const SLOW_MS = 1500;
const MOMENT_MS = 100;
const WITHHELD = 'POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf';
const SLOW = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a shutdown', () => {
  /** Runs a test with an application of its own: they wait most of their time, and so do it together. */
  const withApp = (run: (app: NestFastifyApplication, port: number) => Promise<void>) => async () => {
    const { app, port } = await startBareApp((instance) => {
      instance.get('/slow', async () => {
        await sleep(SLOW_MS);
        return 'slow';
      });
    });
    try {
      await run(app, port);
    } finally {
      await app.close();
    }
  };

  for (const [what, sent] of [
    ['nothing so far', ''],
    ['a part of a head', 'GET / HT'],
    ['a part of a body, and was answered', WITHHELD],
  ] as const) {
    it.concurrent(
      `does not wait for a client that has sent ${what}`,
      withApp(async (app, port) => {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.resume();
        await once(socket, 'connect');
        socket.write(sent);
        await sleep(MOMENT_MS);
        const ended = app.close().then(() => 'ended');
        expect(await Promise.race([ended, sleep(3000, 'waits')])).toBe('ended');
        socket.destroy();
        await ended;
      }),
    );
  }

  it.concurrent(
    'waits for a request that is served, and answers 503 to the rest of one',
    withApp(async (app, port) => {
      const accepted: Socket[] = [];
      app.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
      const served = exchangeBytes(port, SLOW);
      const late = connect(port, '127.0.0.1');
      const closed = once(late, 'close');
      const chunks: Buffer[] = [];
      late.on('data', (chunk) => chunks.push(chunk));
      late.write(SLOW.slice(0, 20));
      const arrived = () => accepted.reduce((bytes, { bytesRead }) => bytes + bytesRead, 0);
      while (arrived() < SLOW.length + 20) await sleep(5);
      const closing = app.close();
      await sleep(MOMENT_MS);
      late.write(SLOW.slice(20));
      await closed;
      expect(statusesIn(Buffer.concat(chunks).toString('latin1'))).toEqual([503]);
      expect(statusesIn(await served)).toEqual([200]);
      await closing;
    }),
  );
});
