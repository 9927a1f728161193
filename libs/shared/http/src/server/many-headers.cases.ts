import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';

// Each counts as two bytes of the 16 KiB.
const TINY = 'a:1\r\n'.repeat(3000);

describe('a header behind 3,000 tiny ones', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startBareApp((instance) => {
      instance.get('/key', async ({ headers }) => headers['x-api-key']);
    }));
  });

  afterAll(() => app.close());

  it('is seen', async () => {
    const bytes = `GET /key HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Api-Key: 1\r\n${TINY}X-Api-Key: 2\r\n\r\n`;
    expect(await exchangeBytes(port, bytes)).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n1, 2$/);
  });

  it('is refused when it is a second Host', async () => {
    const bytes = `GET /key HTTP/1.1\r\nHost: a\r\n${TINY}Host: b\r\n\r\n`;
    expect(statusesIn(await exchangeBytes(port, bytes))).toEqual([400]);
  });
});
