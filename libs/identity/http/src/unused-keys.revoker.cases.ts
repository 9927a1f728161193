import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RevokeUnusedApiKeys } from '@feather-identity/core';
import { aNewApiKey } from '@feather-identity/core/testing';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { UnusedKeysRevoker } from './unused-keys.revoker.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('UnusedKeysRevoker', () => {
  let host: Host;
  let tenant: Tenant;
  let revoker: UnusedKeysRevoker;

  beforeEach(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    host.identity.observations.observeAlways();
    jest.useFakeTimers();
    revoker = new UnusedKeysRevoker(host.app.get(RevokeUnusedApiKeys));
    revoker.onModuleInit();
  });

  afterEach(async () => {
    await revoker.onApplicationShutdown();
    jest.useRealTimers();
    await host.app.close();
  });

  const setPolicy = (revokeUnusedAfterDays: number | null, revokeDescendants = false) => {
    const { organizations } = host.identity.store;
    const policy = { ...tenant.organization.policy, revokeUnusedAfterDays, revokeDescendants };
    organizations.set(tenant.organization.id, { ...tenant.organization, policy });
  };
  const revokedAt = () => host.identity.store.apiKeys.get(tenant.apiKey.id)?.revokedAt ?? null;

  it('revokes what was not used for as long as the policy says, a minute after the start', async () => {
    setPolicy(30);
    host.identity.clock.advance(30 * DAY + HOUR + 1);
    await jest.advanceTimersByTimeAsync(MINUTE - 1);
    expect(revokedAt()).toBeNull();
    await jest.advanceTimersByTimeAsync(1);
    expect(revokedAt()).toEqual(host.identity.clock.now());
    expect(host.logger.lines.at(-1)).toContain(
      `Revoked 1 API keys of organization ${tenant.organization.id}, not used for 30 days: ${tenant.apiKey.id}`,
    );
    const [event] = host.identity.store.auditEvents.slice(-1);
    expect(event).toMatchObject({
      type: 'api_key.revoked',
      actor: { type: 'system' },
      changes: { unused_for_days: 30 },
    });
  });

  it('says how many keys went with them, because they made them', async () => {
    setPolicy(30, true);
    const { store, clock } = host.identity;
    const { apiKey, ...rest } = aNewApiKey(tenant.owner, { createdBy: { type: 'api_key', id: tenant.apiKey.id } });
    clock.advance(30 * DAY + HOUR + 1);
    store.putApiKey({ apiKey: apiKey.with({ createdAt: clock.now() }), ...rest });
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(host.logger.lines.at(-1)).toContain(`30 days: ${tenant.apiKey.id}; and 1 that they made`);
  });

  it('looks again every hour', async () => {
    await jest.advanceTimersByTimeAsync(MINUTE);
    setPolicy(1);
    host.identity.clock.advance(2 * DAY);
    await jest.advanceTimersByTimeAsync(HOUR - 1);
    expect(revokedAt()).toBeNull();
    await jest.advanceTimersByTimeAsync(1);
    expect(revokedAt()).not.toBeNull();
  });

  it('goes on after a failure, which it tells of', async () => {
    setPolicy(1);
    host.identity.clock.advance(2 * DAY);
    host.apiKeys.failures.set('revokeUnused', new Error('disk full'));
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(host.logger.lines.at(-1)).toContain('Could not look for unused keys, and will try again: disk full');
    host.apiKeys.failures.clear();
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(revokedAt()).not.toBeNull();
  });

  it('stops with the application, after what it was about', async () => {
    setPolicy(1);
    host.identity.clock.advance(2 * DAY);
    await revoker.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(2 * HOUR);
    expect(revokedAt()).toBeNull();
  });

  it('begins nothing anew when the application stops while it is at work', async () => {
    setPolicy(1);
    host.identity.clock.advance(2 * DAY);
    jest.advanceTimersByTime(MINUTE);
    await revoker.onApplicationShutdown();
    expect(revokedAt()).not.toBeNull();
    expect(jest.getTimerCount()).toBe(0);
  });
});
