import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NO_USAGE, RemoveOldUsage } from '@feather-identity/core';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { OldUsageRemover } from './old-usage.remover.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('OldUsageRemover', () => {
  let host: Host;
  let tenant: Tenant;
  let remover: OldUsageRemover;

  beforeEach(async () => {
    host = await startHost({ identity: { usageHoursKeptDays: 2 } });
    tenant = await createTenant(host);
    jest.useFakeTimers();
    remover = new OldUsageRemover(host.app.get(RemoveOldUsage));
    remover.onModuleInit();
  });

  afterEach(async () => {
    await remover.onApplicationShutdown();
    jest.useRealTimers();
    await host.app.close();
  });

  const countHour = async () => {
    const startsAt = new Date(Math.floor(host.identity.clock.now().getTime() / HOUR) * HOUR);
    const { id: apiKeyId, organizationId } = tenant.apiKey;
    await host.identity.usageCounts.add([{ apiKeyId, organizationId, startsAt, ...NO_USAGE, accepted: 1 }]);
  };
  const hours = async () => {
    const to = host.identity.clock.now();
    const range = { from: new Date(to.getTime() - 30 * DAY), to, granularity: 'hour' } as const;
    return (await host.identity.usageCounts.buckets(tenant.organization.id, range)).length;
  };

  it('removes the hours that the options keep no longer, 90 seconds after the start and then every hour', async () => {
    await countHour();
    host.identity.clock.advance(2 * DAY);
    await countHour();
    await jest.advanceTimersByTimeAsync(90_000 - 1);
    expect(await hours()).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(await hours()).toBe(1);
    host.identity.clock.advance(3 * DAY);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(await hours()).toBe(0);
  });

  it('says why it could not, and tries again', async () => {
    const failing = jest.spyOn(host.identity.usageCounts, 'removeBefore').mockRejectedValue(new Error('disk full'));
    await jest.advanceTimersByTimeAsync(90_000);
    expect(host.logger.lines.at(-1)).toContain('Could not remove old usage, and will try again: disk full');
    host.identity.clock.advance(60_000);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(failing).toHaveBeenCalledTimes(2);
  });
});
