import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, expectOurHeaders, statusesIn } from '../../testing/raw-request.js';
import { ApiError } from '../index.js';
import type { RawBody } from './index.js';

const PATIENCE_MS = 5000;

const head = (target: string, ...headers: string[]) =>
  [`POST ${target} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');

describe('a request with Expect', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startBareApp((instance) => {
      instance.addHook('onRequest', ({ headers, is404 }, _reply, done) => {
        const refused = new ApiError({ status: 401, error: 'authentication_required', message: 'No.' });
        done(is404 || headers['x-api-key'] === 'good' ? undefined : refused);
      });
      instance.post('/body', async ({ body }) => (body as RawBody).bytes.toString());
    }));
  });

  afterAll(() => app.close());

  const CLOSE = 'Connection: close';
  const KEY = 'X-Api-Key: good';
  const CONTINUE = 'Expect: 100-Continue';

  it.each([
    ['a stranger', head('/body', CONTINUE, 'Content-Length: 2'), 401],
    ['a stranger who expects tea', head('/body', CLOSE, 'Expect: tea', 'Content-Length: 2'), 401],
    ['a caller who expects tea', head('/body', KEY, 'Expect: tea', 'Content-Length: 2'), 417],
    ['a caller with too large a body', head('/body', KEY, CONTINUE, 'Content-Length: 2000000'), 413],
    ['an unknown path', head('/nothing', CONTINUE, 'Content-Length: 2'), 404],
    ['an unknown path and tea', head('/nothing', CLOSE, 'Expect: tea', 'Content-Length: 2'), 404],
    ['an unknown method', head('/body', CONTINUE, 'Content-Length: 2').replace('POST', 'PUT'), 405],
  ])('gets the one answer it would get without, and a closed connection: %s', async (_what, bytes, status) => {
    const received = await exchangeBytes(port, bytes);
    expect(statusesIn(received)).toEqual([status]);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    if (status !== 401) expectOurHeaders(received);
  });

  it('is told to continue when its body is about to be read, and only then', async () => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    const next = () => new Promise<string>((resolve, reject) => socket.once('error', reject).once('data', resolve));
    socket.write(head('/body', KEY, CONTINUE, 'Content-Length: 2'));
    expect(await next()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('{}');
    expect(await next()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\{\}$/);
    // The connection goes on.
    socket.write(head('/body', KEY, 'Content-Length: 1') + 'x');
    expect(await next()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nx$/);
    socket.destroy();
  });

  it('is served as if it had none in HTTP/1.0, which knows no expectations', async () => {
    const bytes = head('/body', KEY, 'Expect: tea', 'Content-Length: 2').replace('HTTP/1.1', 'HTTP/1.0');
    expect(statusesIn(await exchangeBytes(port, `${bytes}{}`))).toEqual([200]);
  });
});
