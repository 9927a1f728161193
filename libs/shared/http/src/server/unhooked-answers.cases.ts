import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchangeBytes } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';
import { UNHOOKED_ANSWER } from './index.js';

const MEMBERS = '/v1/identity/org/members';
const ARRIVAL_MS = 50;

describe('an answer that no hook of Fastify sees', () => {
  const told: unknown[][] = [];
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
    app.getHttpServer().on(UNHOOKED_ANSWER, (...parts: unknown[]) => told.push(parts));
  });

  beforeEach(() => {
    told.length = 0;
  });

  afterAll(() => app.close());

  it.each([
    [400, 'hello\r\n\r\n'],
    [400, `GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n`],
    [400, `BREW ${MEMBERS} HTTP/1.1\r\nHost: a\r\n\r\n`],
    [405, 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
    [431, `GET ${MEMBERS} HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('is told with its status, and nothing of the request: %i', async (status, bytes) => {
    expect(await exchangeBytes(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(told).toEqual([[status]]);
  });

  it('is not told of a request that hooks see, nor where nothing is answered', async () => {
    await exchangeBytes(port, `GET ${MEMBERS} HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03`);
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${MEMBERS} HTTP/1.1\r\nHo`);
    await sleep(ARRIVAL_MS);
    socket.resetAndDestroy();
    await sleep(ARRIVAL_MS);
    expect(told).toEqual([]);
  });
});
