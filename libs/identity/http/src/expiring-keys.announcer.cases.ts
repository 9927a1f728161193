import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { KeyExpiryNotice } from '@feather-identity/core';
import { createTenant, type Host, startHost } from '../testing/host.js';
import { ExpiringKeysAnnouncer } from './expiring-keys.announcer.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('onKeyExpiring', () => {
  let host: Host;

  /** A host whose key ends in 8 days, and lived for long. */
  async function start(onKeyExpiring?: (notice: KeyExpiryNotice) => void | Promise<void>) {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    host = await startHost({ identity: { flushSeconds: 3600, ...(onKeyExpiring && { onKeyExpiring }) } });
    const { apiKey } = await createTenant(host);
    const { store, clock } = host.identity;
    store.apiKeys.set(apiKey.id, apiKey.with({ expiresAt: new Date(clock.now().getTime() + 38 * DAY) }));
    clock.advance(30 * DAY);
    return apiKey;
  }

  /** Lets time pass for timers and for the clock of the application. */
  async function pass(milliseconds: number): Promise<void> {
    host.identity.clock.advance(milliseconds);
    await jest.advanceTimersByTimeAsync(milliseconds);
  }

  afterEach(async () => {
    jest.useRealTimers();
    await host.app.close();
  });

  it('is called a minute after the start and then by the hour, once for each notice', async () => {
    const notices: [string, number, Date][] = [];
    const { id } = await start(({ apiKey, days, expiresAt }) => void notices.push([apiKey.id, days, expiresAt]));
    const expiresAt = new Date(host.identity.clock.now().getTime() + 8 * DAY);
    await pass(MINUTE - 1);
    expect(notices).toEqual([]);
    await pass(1);
    expect(notices).toEqual([[id, 30, expiresAt]]);
    host.identity.clock.advance(DAY);
    await pass(HOUR);
    expect(notices).toEqual([
      [id, 30, expiresAt],
      [id, 7, expiresAt],
    ]);
  });

  it('is called again after it has thrown, which is logged', async () => {
    let calls = 0;
    const { id } = await start(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('no mail')) : undefined;
    });
    await pass(MINUTE);
    expect(host.logger.lines.at(-1)).toContain(
      `onKeyExpiring failed for API key ${id} (30 days), and it is called again in an hour: no mail`,
    );
    await pass(HOUR);
    await pass(HOUR);
    expect(calls).toBe(2);
  });

  it('is not called by an application that stops', async () => {
    const notices: KeyExpiryNotice[] = [];
    await start((notice) => void notices.push(notice));
    await host.app.get(ExpiringKeysAnnouncer).onApplicationShutdown();
    await pass(2 * HOUR);
    expect(notices).toEqual([]);
  });

  it('costs nothing where the application has none', async () => {
    await start();
    const claim = jest.spyOn(host.apiKeys, 'claimExpiryNotices');
    await pass(2 * HOUR);
    expect(claim).not.toHaveBeenCalled();
  });
});
