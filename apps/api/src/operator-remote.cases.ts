import { OPERATOR } from '@feather-identity/core';
import { IdentityClientModule } from '@feather-identity/http';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../testing/databases.js';
import { startGuardedApp } from '../testing/guarded/platforms.js';
import { created } from '../testing/requests.js';
import { createTenant, type Service, startService } from '../testing/service.js';

/** A busy machine is not taken for a service that does not answer. */
const PATIENCE = { attemptTimeoutSeconds: 5, deadlineSeconds: 10, maxStalenessSeconds: 0 };

describe.each(DATABASES)('an application that asks a service on %s with an operator key', (type) => {
  let service: Service;
  const apps: INestApplication[] = [];

  beforeAll(async () => {
    service = await startService(type, process.env);
  });

  afterAll(async () => {
    for (const app of apps) await app.close();
    await service.close();
  });

  const operatorKey = async (scopes: readonly string[]) =>
    (await service.identity.manageOperatorKeys.create({ name: 'shop', scopes }, OPERATOR)).token.reveal();

  const startApp = async (platform: 'express' | 'fastify', apiKey: string) => {
    const baseUrl = `http://127.0.0.1:${service.port}`;
    const app = await startGuardedApp(platform, IdentityClientModule.forRoot({ baseUrl, apiKey, ...PATIENCE }));
    apps.push(app);
    const url = await app.getUrl();
    return async (key: string) => {
      const response = await fetch(`${url}/orders/caller`, { headers: { 'x-api-key': key } });
      return [response.status, response.status === 200 ? await response.json() : null];
    };
  };

  it.each(['express', 'fastify'] as const)('accepts the keys of all organizations, on %s', async (platform) => {
    const key = await operatorKey(['api_keys:verify']);
    const ask = await startApp(platform, key);
    for (const name of ['One', 'Two']) {
      const tenant = await createTenant(service, name);
      expect(await ask(tenant.key)).toEqual([
        200,
        expect.objectContaining({ organization_id: Array(3).fill(tenant.organization.id) }),
      ]);
      await service.identity.updateOrganization.execute(tenant.organization.id, { isActive: false }, OPERATOR);
      expect(await ask(tenant.key)).toEqual([401, null]);
    }
    expect(await ask(key)).toEqual([401, null]);
  });

  it('accepts keys of networks, whose addresses the application checks itself', async () => {
    const ask = await startApp('fastify', await operatorKey(['api_keys:verify']));
    const { key: issuer } = await createTenant(service, 'Bound');
    const bound = async (network: string) =>
      (await created(service, issuer, { name: network, allowed_networks: [network] })).plain_text_key;
    expect(await ask(await bound('127.0.0.1'))).toMatchObject([200, {}]);
    expect(await ask(await bound('203.0.113.0/24'))).toEqual([403, null]);
  });

  it('gets no verdict with an operator key that lacks the scope', async () => {
    const ask = await startApp('fastify', await operatorKey(['organizations:*']));
    const tenant = await createTenant(service);
    expect(await ask(tenant.key)).toEqual([503, null]);
  });
});
