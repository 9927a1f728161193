import { describe, expect, it } from '@jest/globals';
import { anApiKey } from '../testing/builders.js';

const END = new Date('2026-06-01T00:00:00.000Z');
const before = (ms: number) => new Date(END.getTime() - ms);

describe('a key', () => {
  it('is accepted until the millisecond before its end', () => {
    const apiKey = anApiKey({ expiresAt: END });
    expect(apiKey.inactiveReason(before(1))).toBeNull();
    expect(apiKey.inactiveReason(END)).toBe('expired');
    expect([apiKey.isActive(before(1)), apiKey.isActive(END)]).toEqual([true, false]);
  });

  it('without an end is always accepted', () => {
    expect(anApiKey().inactiveReason(new Date(8.64e15))).toBeNull();
  });

  it('is not accepted while it is disabled, or once it is revoked, by whatever clock', () => {
    for (const at of [new Date(0), before(1)]) {
      expect(anApiKey({ disabledAt: END }).inactiveReason(at)).toBe('disabled');
      expect(anApiKey({ revokedAt: END }).inactiveReason(at)).toBe('revoked');
    }
  });

  it('tells the reason that lasts longest', () => {
    const apiKey = anApiKey({ expiresAt: END, disabledAt: END, revokedAt: END });
    expect(apiKey.inactiveReason(END)).toBe('revoked');
    expect(apiKey.with({ revokedAt: null }).inactiveReason(END)).toBe('disabled');
  });

  // A repository shares a key between requests.
  it('cannot be widened by a handler that changes its lists and limits', () => {
    const apiKey = anApiKey({
      labels: ['ci'],
      rateLimit: { requests: 1, seconds: 1 },
      quota: { requests: 1, period: 'day' },
      allowedNetworks: ['192.0.2.0/24'],
    });
    for (const part of [apiKey.labels, apiKey.rateLimit, apiKey.quota, apiKey.allowedNetworks])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('with other values keeps those that were not given, and the first key stays as it was', () => {
    const apiKey = anApiKey({ expiresAt: END });
    const renamed = apiKey.with({ name: 'Renamed', expiresAt: null });
    expect(renamed).toEqual(anApiKey(Object.assign({}, apiKey, { name: 'Renamed', expiresAt: null })));
    expect(apiKey).toMatchObject({ name: 'CI', expiresAt: END });
  });
});
