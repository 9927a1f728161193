import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { exchangeBytes, expectOurHeaders, statusesIn } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';
import { refusedRequests } from '../../testing/refused-requests.js';

const MEMBERS = '/v1/identity/org/members';
const KEYS = '/v1/identity/api-keys';

describe('requests that Node or Fastify would answer themselves', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(() => app.close());

  it.concurrent.each(refusedRequests)(
    'get one ErrorResponse and a closed connection: %s',
    async (_what, bytes, status, error) => {
      const answer = await exchangeBytes(port, Buffer.from(bytes, 'latin1'));
      expect(answer.split('HTTP/1.1 ')).toHaveLength(2);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expectOurHeaders(answer);
      const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
      expect(Object.keys(body)).toEqual(['error', 'message']);
      expect(body['error']).toBe(error);
    },
  );

  // Beside those above, with which it waits for the same time limits.
  it.concurrent('never draw a second answer when a refused body stops coming', async () => {
    const head = `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n`;
    const answer = await exchangeBytes(port, head, 'x');
    expect(answer.split('HTTP/1.1 ')).toHaveLength(2);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('never draw a second answer when bytes behind a good request are bad', async () => {
    const answer = await exchangeBytes(port, `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01\r\n\r\n`);
    expect(answer.split('HTTP/1.1 ')).toHaveLength(2);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('never draw a second answer when bytes behind a refused request are bad', async () => {
    const answer = await exchangeBytes(port, `GET ${MEMBERS} HTTP/1.1\r\n\r\n\x16\x03\x01\r\n\r\n`);
    expect(statusesIn(answer)).toEqual([400]);
  });

  it('let a client that sends a body far too large read the answer', async () => {
    const head = `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n`;
    const answer = await exchangeBytes(port, head, Buffer.alloc(8_000_000, 0x20), 'GET / HTTP/1.1\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('leave the process alive when the client resets the connection', async () => {
    const heads = [
      'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
      'hello\r\n\r\n',
      `POST ${KEYS} HTTP/1.1\r\nHost: a\r\n`,
    ];
    for (const head of heads) {
      const socket = connect(port, '127.0.0.1');
      await new Promise((resolve) => socket.write(head, resolve));
      socket.once('data', () => socket.resetAndDestroy());
      setTimeout(() => socket.resetAndDestroy(), 50);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect(await exchangeBytes(port, `GET ${MEMBERS} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('serve HTTP/1.0 without a Host', async () => {
    expect(await exchangeBytes(port, `GET ${MEMBERS} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
