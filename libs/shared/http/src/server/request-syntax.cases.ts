import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';
import { startReferenceApp } from '../../testing/reference-app.js';

const MEMBERS = '/v1/identity/org/members';

describe('the syntax of a request', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(() => app.close());

  it.each([
    'a',
    '',
    'api.example.org:8000',
    'my_host:',
    '127.0.0.1:1',
    '[::1]:8000',
    '[fe80::1%25eth0]',
    "%41!$&'()*+,;=~",
  ])('allows every Host of RFC 3986: %s', async (host) => {
    const bytes = `GET ${MEMBERS} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(statusesIn(await exchangeBytes(port, bytes))).toEqual([200]);
  });

  it.each(['Chunked', 'chunked '])('allows chunks, however they are written: %j', async (coding) => {
    const head = `DELETE /v1/identity/api-keys/0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f HTTP/1.1\r\nHost: a\r\n`;
    const bytes = `${head}Connection: close\r\nTransfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`;
    expect(statusesIn(await exchangeBytes(port, bytes))).toEqual([200]);
  });
});
