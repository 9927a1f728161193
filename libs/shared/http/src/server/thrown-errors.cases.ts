import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FailingModule, SECRET } from '../../testing/failing-app.js';
import { ApiError } from '../index.js';
import { configureHttp, createFastifyAdapter } from './index.js';

describe('errors thrown while a request is served', () => {
  const logged: unknown[][] = [];
  let app: NestFastifyApplication;
  let base: string;

  beforeEach(() => {
    logged.length = 0;
  });

  beforeAll(async () => {
    const record = (...parts: unknown[]): void => void logged.push(parts);
    const ignore = (): void => undefined;
    const logger: LoggerService = { log: ignore, warn: record, error: record, fatal: record };
    const adapter = createFastifyAdapter();
    app = await NestFactory.create<NestFastifyApplication>(FailingModule, adapter, { bodyParser: false, logger });
    configureHttp(app);
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', (request, _reply, done) => {
        const headers = { 'WWW-Authenticate': 'ApiKey realm="identity"' };
        const isBad = request.headers['x-api-key'] === 'bad';
        done(
          isBad ? new ApiError({ status: 401, error: 'authentication_required', message: 'No.', headers }) : undefined,
        );
      });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });

  afterAll(() => app.close());

  it.each([
    ['error', 500, { error: 'internal_error', message: 'An unexpected error occurred.' }],
    ['string', 500, { error: 'internal_error', message: 'An unexpected error occurred.' }],
    ['sdk', 500, { error: 'internal_error', message: 'An unexpected error occurred.' }],
    ['middleware', 500, { error: 'internal_error', message: 'An unexpected error occurred.' }],
    ['busy', 503, { error: 'service_unavailable', message: 'Soon.', retryable: true, retry_after: 2 }],
  ])('are the fault of the server and logged once, without what they carry: %s', async (path, status, body) => {
    const response = await fetch(`${base}/${path}?key=${SECRET}`, { headers: { 'x-api-key': SECRET } });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  });

  it.each([
    ['teapot', 418, { error: 'teapot', message: 'No coffee.' }],
    ['missing', 404, { error: 'not_found', message: 'The requested resource was not found.' }],
    ['forbidden', 403, { error: 'permission_denied', message: 'You may not do this.' }],
    [`unknown/${SECRET}`, 404, { error: 'not_found', message: 'The requested resource was not found.' }],
  ])('are answered in fixed words and not logged when the client is at fault: %s', async (path, status, body) => {
    const response = await fetch(`${base}/${path}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    expect(logged).toEqual([]);
  });

  it('are logged with what caused them', async () => {
    await fetch(`${base}/busy`);
    expect(String(logged[0]?.[1])).toMatch(/storage is away[^]*Caused by: Error: connection refused/);
  });

  it('tell when to come back', async () => {
    const response = await fetch(`${base}/busy`);
    expect(response.headers.get('retry-after')).toBe('2');
  });

  it.each(['error', 'unknown', 'raw'])('go through the filters from an onRequest hook of anyone: %s', async (path) => {
    const response = await fetch(`${base}/${path}`, { headers: { 'x-api-key': 'bad' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: 'authentication_required', message: 'No.' });
    expect(response.headers.get('www-authenticate')).toBe('ApiKey realm="identity"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('cut off a response that has begun', async () => {
    const response = await fetch(`${base}/stream`);
    await expect(response.text()).rejects.toThrow();
  });

  it('do not come from bodies nobody declares a model for: the bytes and the content type arrive', async () => {
    const response = await fetch(`${base}/raw`, { method: 'POST', body: '{', headers: { 'content-type': 'a b;;' } });
    expect(await response.text()).toBe('a b;; 7b');
  });

  it('are 503 with Retry-After once the application is shutting down', async () => {
    app.getHttpAdapter().beforeClose?.();
    const response = await fetch(`${base}/missing`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: 'service_unavailable', retryable: true, retry_after: 1 });
    expect(response.headers.get('connection')).toBe('close');
    expect(logged).toEqual([]);
  });
});
