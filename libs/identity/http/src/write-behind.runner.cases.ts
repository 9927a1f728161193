import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { send, WHOAMI } from '../testing/requests.js';
import { WriteBehindRunner } from './write-behind.runner.js';

describe('last_used_at', () => {
  let host: Host;
  let tenant: Tenant;

  beforeEach(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterEach(() => host.app.close());

  const use = async () => (await send(host, 'GET', WHOAMI, { key: tenant.key })).status;
  const lastUsedAt = () => host.identity.store.apiKeys.get(tenant.apiKey.id)?.lastUsedAt;

  it('costs a request no write and is written on shutdown', async () => {
    await use();
    host.identity.clock.advance(1000);
    await use();
    expect(lastUsedAt()).toBeNull();
    await host.app.close();
    expect(lastUsedAt()).toEqual(host.identity.clock.now());
  });

  it('is not recorded for a request that was refused', async () => {
    host.identity.store.organizations.set(tenant.organization.id, { ...tenant.organization, disabledAt: new Date(0) });
    expect(await use()).toBe(401);
    await host.app.close();
    expect(lastUsedAt()).toBeNull();
  });

  it('changes no answer and stops no shutdown when it cannot be written', async () => {
    host.apiKeys.failures.set('recordLastUsed', new Error('disk full'));
    expect(await use()).toBe(200);
    await host.app.close();
    expect(host.logger.lines.at(-1)).toContain('last_used_at: disk full');
  });
});

describe('WriteBehindRunner', () => {
  let host: Host;

  beforeEach(async () => {
    host = await startHost();
    jest.useFakeTimers();
  });

  afterEach(async () => {
    jest.useRealTimers();
    await host.app.close();
  });

  it('flushes every ten seconds, and again what could not be written', async () => {
    const { apiKey } = await createTenant(host);
    const { writeBehind, observations, store } = host.identity;
    const runner = new WriteBehindRunner(writeBehind, host.options);
    const lastUsedAt = () => store.apiKeys.get(apiKey.id)?.lastUsedAt;
    runner.onModuleInit();
    writeBehind.recordUse(apiKey, { id: 'current', validUntil: null, createdAt: new Date(0) }, new Date(5));
    await jest.advanceTimersByTimeAsync(9999);
    expect(lastUsedAt()).toBeNull();
    host.apiKeys.failures.set('recordLastUsed', new Error('disk full'));
    await jest.advanceTimersByTimeAsync(1);
    expect(lastUsedAt()).toBeNull();
    expect(observations.stretches).toEqual([]);
    host.apiKeys.failures.clear();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(lastUsedAt()).toEqual(new Date(5));
    await runner.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});
