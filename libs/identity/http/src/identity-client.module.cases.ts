import { afterEach, describe, expect, it } from '@jest/globals';
import { ScopeGrant, TokenFormat, WriteBehind } from '@feather-identity/core';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { keyFor, type RemoteHost, type StartedHost, startPlainApp, startRemote } from '../testing/guarded-hosts.js';
import { createTenant } from '../testing/host.js';
import { created, secretPart } from '../testing/keys.js';
import { type Answer, E401, send } from '../testing/requests.js';
import { ApiKeyAuthentication, IdentityClientModule, Public, RequireScopes } from './index.js';

@Controller('profile')
class ProfileController {
  @RequireScopes('profile:read')
  @Get()
  find(): object {
    return {};
  }

  @Public()
  @Get('public')
  public(): object {
    return {};
  }
}

let host: RemoteHost;

describe('a remote guard', () => {
  afterEach(() => host.close());

  const portOf = ({ url }: Pick<StartedHost, 'url'>) => Number(new URL(url).port);
  const ask = (key?: string, path = '/orders'): Promise<Answer> =>
    send({ port: portOf(host) }, 'GET', path, key === undefined ? {} : { key });

  describe.each(['express', 'fastify'] as const)('IdentityClientModule on %s', (platform) => {
    it("refuses keys of other organizations than its own key's, like any wrong key", async () => {
      host = await startRemote(platform);
      const other = await createTenant(host.service, 'Other');
      const { status, body } = await ask(other.key);
      expect([status, body]).toEqual([401, E401]);
    });

    it('opens nothing to a key that may do nothing, though it shows no scopes, like one that may do everything', async () => {
      host = await startRemote(platform);
      const { id, plain_text_key: key } = await created(host.service, host.ownerKey);
      expect((await ask(key)).status).toBe(200);
      const { apiKeys } = host.service.identity.store;
      apiKeys.set(id, apiKeys.get(id)!.with({ grant: ScopeGrant.of([]) }));
      await host.pass(host.stalenessMs);
      expect((await ask(key)).status).toBe(403);
    });

    it('answers 503, and neither 401 nor 200, while the service is gone', async () => {
      host = await startRemote(platform);
      const key = await keyFor(host, 'orders:read');
      expect((await ask(key)).status).toBe(200);
      await host.service.app.close();
      expect((await ask(key)).status).toBe(200);
      await host.pass(host.stalenessMs);
      for (const token of [key, host.ownerKey]) {
        const { status, body, headers } = await ask(token);
        const message = 'API keys cannot be verified right now. Try again shortly.';
        const expected = { error: 'service_unavailable', message, retryable: true, retry_after: 1 };
        expect([status, body, headers.get('retry-after')]).toEqual([503, expected, '1']);
      }
      expect([(await ask()).status, (await ask('junk')).status]).toEqual([401, 401]);
      expect((await ask(key, '/orders/public')).status).toBe(200);
      const told = host.logger.lines.filter((line) => line.includes('The identity service'));
      expect(told).toHaveLength(1);
      expect(host.logger.lines.join()).not.toContain(secretPart(key));
    });

    it('answers 503 where its own key is not accepted, and says so in the log, once', async () => {
      const apiKey = new TokenFormat('fth', 'test').compose('00000000', 'A'.repeat(32)).reveal();
      host = await startRemote(platform, { apiKey });
      for (const token of [host.ownerKey, apiKey]) expect((await ask(token)).status).toBe(503);
      const told = host.logger.lines.filter((line) => line.includes('it does not accept the key of this application'));
      expect(told).toHaveLength(1);
      expect(host.logger.lines.join()).not.toContain(secretPart(apiKey));
    });

    it('limits failures by address and requests by organization, by itself', async () => {
      host = await startRemote(platform, { failuresPerMinute: 2, requestsPerMinute: 3 });
      const statuses = [];
      for (const key of ['junk', 'junk', 'junk']) statuses.push((await ask(key)).status);
      for (const key of Array<string>(4).fill(host.ownerKey)) statuses.push((await ask(key)).status);
      expect(statuses).toEqual([401, 401, 429, 200, 200, 200, 429]);
    });

    it('lets the service record the use of a key', async () => {
      host = await startRemote(platform);
      const { id, plain_text_key: key } = await created(host.service, host.ownerKey);
      await ask(key);
      await host.service.app.get(WriteBehind).flush();
      expect(host.service.identity.store.apiKeys.get(id)?.lastUsedAt).toEqual(host.now());
    });
  });

  describe('IdentityClientModule', () => {
    it('takes options that come later', async () => {
      host = await startRemote('fastify');
      const apiKey = await keyFor(host, 'api_keys:verify');
      const options = { baseUrl: host.identityUrl, apiKey, environment: 'test' };
      const useFactory = () => Promise.resolve().then(() => options);
      const app = await startPlainApp('express', IdentityClientModule.forRootAsync({ useFactory }));
      const port = portOf({ url: await app.getUrl() });
      const statuses = [];
      for (const key of [host.ownerKey, apiKey])
        statuses.push((await send({ port }, 'GET', '/orders', { key })).status);
      await app.close();
      expect(statuses).toEqual([200, 403]);
    });

    it('closes all routes on Fastify before a body is read, with one call', async () => {
      host = await startRemote('fastify');
      const apiKey = await keyFor(host, 'api_keys:verify');
      const options = { baseUrl: host.identityUrl, apiKey, environment: 'test', deadlineSeconds: 10 };
      @Module({ imports: [IdentityClientModule.forRoot(options)], controllers: [ProfileController] })
      class ProtectedModule {}
      const app = await NestFactory.create<NestFastifyApplication>(ProtectedModule, new FastifyAdapter(), {
        logger: false,
      });
      app.get(ApiKeyAuthentication).protect(app);
      await app.listen(0, '127.0.0.1');
      const port = portOf({ url: await app.getUrl() });
      const refused = await send({ port }, 'GET', '/profile');
      const statuses = [refused.status];
      for (const key of [apiKey, host.ownerKey])
        statuses.push((await send({ port }, 'GET', '/profile', { key })).status);
      statuses.push((await send({ port }, 'GET', '/profile/public')).status);
      await app.close();
      expect([refused.body, statuses]).toEqual([E401, [401, 403, 200, 200]]);
    });
  });
});
