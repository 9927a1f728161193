import { describe, expect, it } from '@jest/globals';
import { assertLifetime, NO_POLICY, type OrganizationPolicy } from './organization-policy.js';

const DAY_MS = 86_400_000;
const CREATED = new Date('2026-03-28T12:34:56.789Z');
const VIOLATED = expect.objectContaining({ code: 'api_key.policy_violated' });

const after = (ms: number) => new Date(CREATED.getTime() + ms);
const policy = (fields: Partial<OrganizationPolicy>) => ({ ...NO_POLICY, ...fields });
const living = (fields: Partial<OrganizationPolicy>, expiresAt: Date | null) => () =>
  assertLifetime(policy(fields), CREATED, expiresAt);

describe('a maximum lifetime', () => {
  it.each([1, 30, 365])('of %d days is counted from creation, to the millisecond', (maxLifetimeDays) => {
    expect(living({ maxLifetimeDays }, after(maxLifetimeDays * DAY_MS))).not.toThrow();
    expect(living({ maxLifetimeDays }, after(1))).not.toThrow();
    expect(living({ maxLifetimeDays }, after(maxLifetimeDays * DAY_MS + 1))).toThrow(VIOLATED);
  });

  it('is exceeded by a key without an end, also where none is required by itself', () => {
    expect(living({ maxLifetimeDays: 36_500, expiryRequired: false }, null)).toThrow(VIOLATED);
  });

  it('tells how long a key may live', () => {
    expect(living({ maxLifetimeDays: 30 }, after(31 * DAY_MS))).toThrow(/30 days/);
  });
});

describe('a required expiry', () => {
  it('is any end, however late', () => {
    expect(living({ expiryRequired: true }, new Date(8.64e15))).not.toThrow();
    expect(living({ expiryRequired: true }, null)).toThrow(VIOLATED);
    expect(living({ expiryRequired: true }, null)).toThrow(/requires expires_at/);
  });
});

describe('no policy', () => {
  it.each([null, after(1), new Date(8.64e15)])('allows the end %p', (expiresAt) => {
    expect(living({}, expiresAt)).not.toThrow();
    expect(living({ revokeUnusedAfterDays: 1 }, expiresAt)).not.toThrow();
  });
});
