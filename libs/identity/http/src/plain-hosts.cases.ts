import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemoryIdentity, SeededRandomSource } from '@feather-identity/core/testing';
import { ConflictException, Controller, Get, Module, type PipeTransform } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { E401, KEYS, send, WHOAMI } from '../testing/requests.js';
import { ApiKeyGuard, CurrentCaller, IdentityModule, Public, RequireScopes } from './index.js';
import type { Caller } from '@feather-identity/core';

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() caller: Caller): object {
    return { organization: caller.organization.name };
  }

  @Public()
  @Get('conflict')
  conflict(): never {
    throw new ConflictException('The host says so.');
  }

  @Get('undeclared')
  undeclared(): string {
    return 'never';
  }
}

/** What a host's global pipe makes of arguments whose class it knows. */
class StrictPipe implements PipeTransform {
  transform(value: unknown, { metatype }: { metatype?: unknown }): unknown {
    if (typeof metatype === 'function' && metatype !== Object && metatype.name.endsWith('Request')) {
      throw new ConflictException('The host looked into our body.');
    }
    return value;
  }
}

describe.each(['express', 'fastify'] as const)('a plain NestJS application on %s', (platform) => {
  const identity = new InMemoryIdentity();
  let close: () => Promise<void>;
  let host: { readonly port: number };
  let owner: string;

  beforeAll(async () => {
    const {
      apiKeys,
      organizations,
      members,
      operatorKeys,
      auditLog,
      leases,
      observations,
      quotaUses,
      consoleSessions,
      hasher: secretHasher,
      format: tokenFormat,
    } = identity;
    const { proofs, ids, clock } = identity;
    const random = new SeededRandomSource(platform);
    const stores = {
      apiKeys,
      organizations,
      members,
      operatorKeys,
      auditLog,
      leases,
      observations,
      quotaUses,
      consoleSessions,
    };
    const module = IdentityModule.forRoot({ ...stores, secretHasher, proofs, tokenFormat, random, ids, clock });
    @Module({
      imports: [module],
      controllers: [OrdersController],
      providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
    })
    class HostModule {}
    const app = await NestFactory.create(HostModule, ADAPTERS[platform](), { logger: false });
    app.useGlobalPipes(new StrictPipe());
    await app.listen(0, '127.0.0.1');
    host = { port: Number(new URL(await app.getUrl()).port) };
    close = () => app.close();
    const { token } = await identity.createOrganization.execute('Acme');
    owner = token.reveal();
  });

  afterAll(() => close());

  const keyWith = async (...scopes: string[]) => {
    const { body } = await send(host, 'POST', KEYS, { key: owner, body: { name: 'CI', scopes } });
    return (body as { plain_text_key: string }).plain_text_key;
  };

  it('answers 401 in the words of the contract', async () => {
    const { status, body, headers } = await send(host, 'GET', '/orders');
    expect([status, body]).toEqual([401, E401]);
    expect(headers.get('www-authenticate')).toBe('ApiKey realm="identity"');
  });

  it('answers 403 naming the scope, and 200', async () => {
    const refused = await send(host, 'GET', '/orders', { key: await keyWith('stock:read') });
    const message = 'The API key lacks the scope "orders:read".';
    expect([refused.status, refused.body]).toEqual([403, { error: 'permission_denied', message }]);
    const { status, body } = await send(host, 'GET', '/orders', { key: await keyWith('orders:*') });
    expect([status, body]).toEqual([200, { organization: 'Acme' }]);
  });

  it('closes a route that declares nothing', async () => {
    expect((await send(host, 'GET', '/orders/undeclared', { key: owner })).status).toBe(403);
    expect((await send(host, 'GET', '/orders/undeclared')).status).toBe(401);
  });

  it('keeps its own errors as they were', async () => {
    const { status, body } = await send(host, 'GET', '/orders/conflict');
    expect([status, body]).toEqual([409, { statusCode: 409, error: 'Conflict', message: 'The host says so.' }]);
    expect((await send(host, 'GET', '/nowhere')).body).toMatchObject({ statusCode: 404 });
  });

  it('answers the API as application/json, and its own routes as its platform does', async () => {
    const { body } = await send(host, 'POST', KEYS, { key: owner, body: { name: 'CI' } });
    const answers = [
      await send(host, 'GET', WHOAMI, { key: owner }),
      await send(host, 'GET', KEYS, { key: owner }),
      await send(host, 'POST', KEYS, { key: owner, body: { name: 'CI' } }),
      await send(host, 'POST', KEYS, { key: owner, body: {} }),
      await send(host, 'POST', KEYS, { key: owner, body: { name: 'CI', scopes: ['no scope'] } }),
      await send(host, 'DELETE', `${KEYS}/${(body as { id: string }).id}`, { key: owner }),
      await send(host, 'GET', '/v1/identity/authorize', { key: owner }),
      await send(host, 'GET', '/orders', { key: owner }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
      [200, 'application/json'],
      [200, 'application/json'],
      [201, 'application/json'],
      [422, 'application/json'],
      [400, 'application/json'],
      [204, null],
      [200, null],
      [200, 'application/json; charset=utf-8'],
    ]);
  });

  it('has the whole API, with its own validation and errors', async () => {
    const created = await send(host, 'POST', KEYS, {
      key: owner,
      body: { name: 'CI', scopes: ['a:read', 'b:read'], expires_at: '2027-01-01' },
    });
    expect([created.status, created.body]).toMatchObject([201, { expires_at: '2027-01-01T00:00:00Z' }]);
    const { id, plain_text_key: key } = created.body as { id: string; plain_text_key: string };
    expect((await send(host, 'GET', WHOAMI, { key })).status).toBe(200);
    const invalid = await send(host, 'POST', KEYS, { key: owner, body: { name: 5 } });
    expect([invalid.status, invalid.body]).toMatchObject([422, { detail: [{ loc: ['body', 'name'], input: 5 }] }]);
    for (const [method, path] of [
      ['POST', `${KEYS}/${id}/rotate?grace_period_seconds=60`],
      ['GET', `${KEYS}/${id}?x[y]=1`],
    ] as const) {
      const refused = await send(host, method, path, { key: owner });
      expect([refused.status, refused.body]).toMatchObject([422, { detail: [{ type: 'extra_forbidden' }] }]);
    }
    expect((await send(host, 'GET', `/v1/identity/authorize?scope[]=c:read`, { key })).status).toBe(403);
    expect((await send(host, 'POST', `${KEYS}/${id}/rotate`, { key: owner })).status).toBe(200);
    expect((await send(host, 'DELETE', `${KEYS}/${id}`, { key: owner })).status).toBe(204);
    const gone = await send(host, 'DELETE', `${KEYS}/${id}`, { key: owner });
    expect([gone.status, gone.body]).toEqual([404, { error: 'not_found', message: 'No such API key.' }]);
    expect((await send(host, 'GET', `${KEYS}/${id}`, { key: owner })).status).toBe(200);
  });
});
