import { describe, expect, it } from '@jest/globals';
import { changedPolicy, draftOf, draftProblems, policyOf, tightenings, type Policy } from './policy-draft.js';

const NONE: Policy = {
  max_lifetime_days: null,
  expiry_required: false,
  scopes_required: false,
  revoke_unused_after_days: null,
  revoke_descendants: false,
  rate_limit: null,
  quota: null,
};
const FULL: Policy = {
  max_lifetime_days: 90,
  expiry_required: true,
  scopes_required: true,
  revoke_unused_after_days: 180,
  revoke_descendants: true,
  rate_limit: { requests: 100, seconds: 60 },
  quota: { requests: 100_000, period: 'month' },
};
const tightened = (before: Policy, after: Policy): string[] => tightenings(before, after).map(({ field }) => field);

describe('the draft of a policy', () => {
  it.each([NONE, FULL])('stands for the policy that it was made of', (policy) => {
    expect(policyOf(draftOf(policy))).toEqual(policy);
    expect(draftProblems(draftOf(policy))).toEqual({});
  });

  it.each(['0', '1.5', '-3', 'many', '36501'])('says that %s is no number of days', (maxLife) => {
    expect(Object.keys(draftProblems({ ...draftOf(NONE), maxLife }))).toEqual(['max_lifetime_days']);
  });

  it('sends what changed alone', () => {
    expect(changedPolicy(FULL, { ...FULL, quota: null })).toEqual({ quota: null });
    expect(changedPolicy(FULL, { ...FULL, rate_limit: { requests: 100, seconds: 60 } })).toEqual({});
  });
});

describe('what becomes stricter', () => {
  it('is every rule that was not there', () => {
    expect(tightened(NONE, FULL).toSorted()).toEqual(Object.keys(FULL).toSorted());
  });

  it('is nothing where rules go', () => {
    expect(tightened(FULL, NONE)).toEqual([]);
  });

  it.each([
    [{ max_lifetime_days: 30 }, ['max_lifetime_days']],
    [{ max_lifetime_days: 365 }, []],
    [{ revoke_unused_after_days: 30 }, ['revoke_unused_after_days']],
    [{ rate_limit: { requests: 100, seconds: 3600 } }, ['rate_limit']],
    [{ rate_limit: { requests: 10, seconds: 1 } }, []],
    [{ quota: { requests: 1000, period: 'day' as const } }, ['quota']],
    [{ quota: { requests: 10_000, period: 'day' as const } }, []],
  ])('%j', (change, fields) => {
    expect(tightened(FULL, { ...FULL, ...change })).toEqual(fields);
  });

  it('reaches existing keys by what revokes them', () => {
    const retroactive = tightenings(NONE, FULL).filter(({ isRetroactive }) => isRetroactive);
    expect(retroactive.map(({ field }) => field)).toEqual(['revoke_unused_after_days', 'revoke_descendants']);
  });
});
