import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectOurHeaders, statusesIn } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';

const GET = 'GET /v1/identity/org/members HTTP/1.1\r\nHost: a\r\n\r\n';
const EMPTY_LINE_EVERY_MS = 500;
/** About 10 s; other tests run on the same cores. */
const CLOSED_WITHIN_MS = 11_000;
const LONGER_MS = 11_000;
const PATIENCE_MS = 20_000;

describe('a connection whose request is answered', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(() => app.close());

  /** An open connection, and what it received. */
  const open = (): { socket: Socket; received: () => string } => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    return { socket, received: () => text };
  };

  it.concurrent(
    'is closed with 408 when nothing but empty lines follow',
    async () => {
      const { socket, received } = open();
      socket.write(GET);
      await sleep(2 * EMPTY_LINE_EVERY_MS);
      socket.write(GET);
      const started = performance.now();
      const drip = setInterval(() => socket.write('\r\n'), EMPTY_LINE_EVERY_MS);
      const patience = setTimeout(() => socket.destroy(), PATIENCE_MS - 2000);
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(drip);
      clearTimeout(patience);
      expect(statusesIn(received())).toEqual([200, 200, 408]);
      expectOurHeaders(received().slice(received().lastIndexOf('HTTP/1.1')));
      expect(performance.now() - started).toBeLessThan(CLOSED_WITHIN_MS);
    },
    PATIENCE_MS,
  );

  it.concurrent.each([
    ['nothing follows', GET],
    ['an empty line came along with the request', `${GET}\r\n`],
  ])(
    'stays open for a next request when %s',
    async (_what, bytes) => {
      const { socket, received } = open();
      socket.write(bytes);
      await sleep(LONGER_MS);
      socket.write(GET);
      await sleep(EMPTY_LINE_EVERY_MS);
      socket.destroy();
      expect(statusesIn(received())).toEqual([200, 200]);
    },
    PATIENCE_MS,
  );

  it.concurrent(
    'stays open for requests that come with empty lines before them',
    async () => {
      const { socket, received } = open();
      for (let sent = 0; sent < LONGER_MS; sent += 2 * EMPTY_LINE_EVERY_MS) {
        socket.write(`\r\n${GET}`);
        await sleep(2 * EMPTY_LINE_EVERY_MS);
      }
      socket.destroy();
      expect(new Set(statusesIn(received()))).toEqual(new Set([200]));
    },
    PATIENCE_MS,
  );
});
