import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { TokenFormat, WriteBehind } from '@feather-identity/core';
import { IdentityClientModule } from '@feather-identity/http';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { startGuardedApp } from '../testing/guarded/platforms.js';
import { created, KEYS, secretPart, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';
import { Spans, treeOf } from '../testing/spans.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('the spans of the service', () => {
  let spans: Spans;
  let service: Service;
  let tenant: Tenant;
  const tokens: string[] = [];

  beforeAll(async () => {
    spans = new Spans();
    service = await startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}) }));
    tenant = await createTenant(service);
    tokens.push(tenant.key);
  });

  afterAll(async () => {
    await service.close();
    spans.close();
  });

  const newKey = async (body?: object) => {
    const key = await created(service, tenant.key, body);
    tokens.push(key.plain_text_key);
    return key.plain_text_key;
  };
  /** A body that comes when the key is verified: Node reads it outside of the context of the request. */
  const createLate = async (): Promise<void> => {
    const body = '{"name":"late"}';
    const socket = connect(service.port, '127.0.0.1');
    const authenticated = spans.next('ApiKeyAuthentication.authenticate');
    const type = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
    socket.write(`POST ${KEYS} HTTP/1.1\r\nHost: a\r\nx-api-key: ${tenant.key}\r\n${type}\r\n\r\n`);
    await authenticated;
    await sleep(10);
    socket.write(body);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    tokens.push(/"plain_text_key":"(\w+)"/.exec(String(answer))?.[1] ?? '');
  };
  const whoami = (key: string, headers = {}) => send(service, 'GET', WHOAMI, { key, headers });
  const forged = (publicPart: string) => new TokenFormat('fth', 'live').compose(publicPart, 'B'.repeat(32)).reveal();

  it('show what a verification waits for: the secret once, the row each time', async () => {
    const cold = await spans.of(() => whoami(tenant.key));
    expect(treeOf(cold)).toEqual([
      'GET /v1/identity/whoami 200',
      '  ApiKeyAuthentication.authenticate accepted',
      '    ApiKeyRepository.findCredential',
      '    SecretHasher.verify',
    ]);
    const warm = await spans.of(() => whoami(tenant.key));
    expect(treeOf(warm)).toEqual([
      'GET /v1/identity/whoami 200',
      '  ApiKeyAuthentication.authenticate accepted',
      '    ApiKeyRepository.findCredential',
    ]);
    const [look, authentication, request] = warm;
    expect([look?.attributes, authentication?.attributes, request?.kind, request?.attributes]).toEqual([
      {},
      {
        'feather.outcome': 'accepted',
        'feather.organization.id': tenant.organization.id,
        'feather.api_key.id': tenant.apiKey.id,
      },
      SpanKind.SERVER,
      {
        'http.request.method': 'GET',
        'http.route': WHOAMI,
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'network.protocol.version': '1.1',
      },
    ]);
  });

  it('name the check that refused a key, and a refusal is no fault', async () => {
    const publicPart = tenant.key.slice(9, 17);
    const refused = async (key: string) => treeOf(await spans.of(() => whoami(key)));
    const tree = (outcome: string, ...children: string[]) => [
      'GET /v1/identity/whoami 401',
      `  ApiKeyAuthentication.authenticate ${outcome}`,
      ...children.map((child) => `    ${child}`),
    ];
    const look = 'ApiKeyRepository.findCredential';
    expect(await refused('')).toEqual(tree('missing'));
    expect(await refused(`${tenant.key}x`)).toEqual(tree('spelling'));
    expect(await refused(forged('AAAAAAAA'))).toEqual(tree('unknown', look));
    expect(await refused(forged(publicPart))).toEqual(tree('secret', look, 'SecretHasher.verify'));
    const { id, plain_text_key: key } = await created(service, tenant.key);
    tokens.push(key);
    await send(service, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
    expect(await refused(key)).toEqual(tree('state', look, 'SecretHasher.verify'));
  });

  it('show what a creation waits for, beyond the body of its request, and what it was refused for', async () => {
    expect(treeOf(await spans.of(createLate))).toEqual([
      'POST /v1/identity/api-keys 201',
      '  ApiKeyAuthentication.authenticate accepted',
      '    ApiKeyRepository.findCredential',
      '  SecretHasher.hash',
      '  ApiKeyRepository.insert',
    ]);
    const limited = await newKey({ name: 'limited', scopes: ['api_keys:manage'] });
    const escalating = () => send(service, 'POST', KEYS, { key: limited, body: { name: 'more', scopes: ['*'] } });
    expect(treeOf(await spans.of(escalating))).toEqual([
      'POST /v1/identity/api-keys 403',
      '  ApiKeyAuthentication.authenticate accepted',
      '    ApiKeyRepository.findCredential',
      '    SecretHasher.verify',
      '  AuditLog.append',
    ]);
  });

  it('are none of probes and jobs, and a span has no path, whatever a client writes there', async () => {
    const made = await spans.of(async () => {
      await send(service, 'GET', '/readyz');
      await service.app.get(WriteBehind).flush();
      await send(service, 'GET', `/${tenant.key}?key=${tenant.key}`, { headers: { 'x-api-key-2': tenant.key } });
    });
    expect(treeOf(made)).toEqual(['GET 404']);
    expect(made[0]?.attributes).not.toHaveProperty('http.route');
  });

  it('belong to the trace of the request, also where requests come without a pause', async () => {
    const continued = await spans.of(() => whoami(tenant.key, { traceparent: TRACEPARENT }));
    expect(new Set(continued.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
    expect(continued.at(-1)?.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
    const socket = connect(service.port, '127.0.0.1').resume();
    const head = `GET ${WHOAMI} HTTP/1.1\r\nHost: a\r\nx-api-key: ${tenant.key}\r\n\r\n`;
    const pipelined = await spans.of(async () => socket.write(head.repeat(3)), 3);
    socket.destroy();
    const requests = pipelined.filter(({ kind }) => kind === SpanKind.SERVER);
    expect(requests.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined, undefined]);
    expect(new Set(pipelined.map((span) => span.spanContext().traceId)).size).toBe(3);
  });

  it('are parts of the span of other instrumentation, which then has no other of the request', async () => {
    const server = service.app.getHttpServer();
    const emit = server.emit.bind(server);
    const tracer = trace.getTracer('of node:http');
    server.emit = (event: string, ...args: unknown[]) => {
      if (event !== 'request') return emit(event, ...args);
      const span = tracer.startSpan('other', { kind: SpanKind.SERVER });
      (args[1] as NodeJS.EventEmitter).once('close', () => {
        span.end();
      });
      return context.with(trace.setSpan(context.active(), span), () => emit(event, ...args));
    };
    const made = await spans.of(() => whoami(tenant.key));
    server.emit = emit;
    expect(treeOf(made)).toEqual([
      'other',
      '  ApiKeyAuthentication.authenticate accepted',
      '    ApiKeyRepository.findCredential',
    ]);
  });

  it('end where a client leaves before its answer', async () => {
    const socket = connect(service.port, '127.0.0.1');
    const head = `POST ${KEYS} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nx-api-key: ${tenant.key}\r\n\r\n`;
    const left = await spans.of(async () => {
      socket.write(head);
      await once(service.app.getHttpServer(), 'request');
      socket.destroy();
    });
    expect(left.at(-1)).toMatchObject({ name: 'POST /v1/identity/api-keys', ended: true, status: { code: 0 } });
    expect(left.at(-1)?.attributes).not.toHaveProperty('http.response.status_code');
  });

  describe('and of an application that asks it', () => {
    let app: INestApplication;
    let url: string;

    beforeAll(async () => {
      const apiKey = await newKey({ name: 'shop', scopes: ['api_keys:verify'] });
      const options = { baseUrl: `http://127.0.0.1:${service.port}`, apiKey, attemptTimeoutSeconds: 5 };
      app = await startGuardedApp('express', IdentityClientModule.forRoot({ ...options, deadlineSeconds: 10 }));
      url = await app.getUrl();
    });

    afterAll(() => app.close());

    const ask = (key: string) => fetch(`${url}/orders`, { headers: { 'x-api-key': key, traceparent: TRACEPARENT } });

    it('are one trace, which the application continues and hands on', async () => {
      const key = await newKey({ name: 'client', scopes: ['orders:read'] });
      // The service has seen the key of the application.
      await spans.of(() => ask(tenant.key));
      const made = await spans.of(() => ask(key));
      expect(treeOf(made)).toEqual([
        'ApiKeyAuthentication.authenticate accepted',
        '  POST /v1/identity/api-keys/verify 200',
        '    POST /v1/identity/api-keys/verify 200',
        '      ApiKeyAuthentication.authenticate accepted',
        '        ApiKeyRepository.findCredential',
        '      ApiKeyRepository.findCredential',
        '      SecretHasher.verify',
      ]);
      expect(new Set(made.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
      const [served, asked] = [SpanKind.SERVER, SpanKind.CLIENT].map((kind) => made.find((span) => span.kind === kind));
      expect(served?.parentSpanContext).toMatchObject({ spanId: asked?.spanContext().spanId, isRemote: true });
      expect(asked?.attributes).toEqual({
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': service.port,
        'url.template': '/v1/identity/api-keys/verify',
      });
    });

    it('are faults where nobody can decide, one for each attempt, and none where a key is refused', async () => {
      const refused = await spans.of(() => ask(forged('AAAAAAAA')));
      expect(treeOf(refused)[0]).toBe('ApiKeyAuthentication.authenticate authentication.required');
      const { database } = service.env;
      rmSync(database.type === 'sqlite' ? database.path : '');
      const failed = treeOf(await spans.of(() => ask(forged('CCCCCCCC')), 3));
      const attempt = [
        '  POST /v1/identity/api-keys/verify 503 failed: 503',
        '    POST /v1/identity/api-keys/verify 503 failed: 503',
        '      ApiKeyAuthentication.authenticate failed: storage.unavailable',
        '        ApiKeyRepository.findCredential failed: storage.unavailable',
      ];
      const application = 'ApiKeyAuthentication.authenticate failed: verification.unavailable';
      expect(failed).toEqual([application, ...attempt, ...attempt, ...attempt]);
    });
  });

  it('hold no secret of a key anywhere', () => {
    const everything = inspect(spans.all, { depth: 12, maxArrayLength: Infinity, maxStringLength: Infinity });
    expect(tokens.length).toBeGreaterThan(5);
    expect(everything).toContain(tenant.apiKey.id);
    for (const secret of [...tokens.map(secretPart), 'B'.repeat(32)]) expect(everything).not.toContain(secret);
  });
});
