import type { components } from '@feather-identity/client';
import {
  limitProblems,
  limitsBody,
  quotaText,
  rateLimitText,
  requestsOf,
  typedLimits,
  type TypedLimits,
} from '@feather-identity/react';

/** What an organization demands of its keys. */
export type Policy = components['schemas']['PolicyResponse'];

/** A policy as it is typed: an empty text is no rule. Policies name no networks. */
export interface PolicyDraft extends TypedLimits {
  readonly maxLife: string;
  readonly expiryRequired: boolean;
  readonly scopesRequired: boolean;
  readonly unusedDays: string;
  readonly revokeDescendants: boolean;
}

const MOST_DAYS = 36_500;

/** A policy as it would be typed. */
export function draftOf(policy: Policy): PolicyDraft {
  return {
    ...typedLimits(policy.rate_limit, policy.quota, undefined),
    maxLife: String(policy.max_lifetime_days ?? ''),
    expiryRequired: policy.expiry_required,
    scopesRequired: policy.scopes_required,
    unusedDays: String(policy.revoke_unused_after_days ?? ''),
    revokeDescendants: policy.revoke_descendants,
  };
}

/** The numbers of a draft that are none, or out of bounds, by field of the request. */
export function draftProblems(draft: PolicyDraft): Readonly<Partial<Record<keyof Policy, string>>> {
  const problems: Partial<Record<keyof Policy, string>> = {};
  const check = (field: keyof Policy, text: string, most: number): void => {
    if (text.trim() === '' || requestsOf(text, most) !== undefined) return;
    problems[field] = `A whole number from 1 to ${most.toLocaleString('en')}, or nothing.`;
  };
  check('max_lifetime_days', draft.maxLife, MOST_DAYS);
  check('revoke_unused_after_days', draft.unusedDays, MOST_DAYS);
  const { rate, quota } = limitProblems(draft);
  return { ...problems, ...(rate !== null && { rate_limit: rate }), ...(quota !== null && { quota }) };
}

/** The policy that a draft without problems stands for. */
export function policyOf(draft: PolicyDraft): Policy {
  const { rate_limit, quota } = limitsBody(draft);
  return {
    max_lifetime_days: requestsOf(draft.maxLife, MOST_DAYS) ?? null,
    expiry_required: draft.expiryRequired,
    scopes_required: draft.scopesRequired,
    revoke_unused_after_days: requestsOf(draft.unusedDays, MOST_DAYS) ?? null,
    revoke_descendants: draft.revokeDescendants,
    rate_limit,
    quota,
  };
}

/** The fields in which two policies differ, with the values of the second. */
export function changedPolicy(before: Policy, after: Policy): Partial<Policy> {
  const fields = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Policy]),
  );
  return Object.fromEntries(fields);
}

/** A change that takes something away from somebody, and what it means. */
export interface Tightening {
  readonly field: keyof Policy;
  readonly sentence: string;
  /** It reaches keys that exist. */
  readonly isRetroactive: boolean;
}

/** What becomes stricter. Limits are compared by what they allow on average. */
export function tightenings(before: Policy, after: Policy): readonly Tightening[] {
  const found: Tightening[] = [];
  const add = (field: keyof Policy, sentence: string, isRetroactive = false): void => {
    found.push({ field, sentence, isRetroactive });
  };
  if (isLess(after.max_lifetime_days, before.max_lifetime_days)) {
    add('max_lifetime_days', `New keys live for ${days(after.max_lifetime_days)} at most.`);
  }
  if (after.expiry_required && !before.expiry_required) add('expiry_required', 'A key without an end is refused.');
  if (after.scopes_required && !before.scopes_required) add('scopes_required', 'A key without scopes is refused.');
  const { rate_limit: rate, quota } = after;
  if (rate !== null && isLess(perSecond(rate), before.rate_limit && perSecond(before.rate_limit))) {
    add('rate_limit', `New keys without a rate limit of their own get ${rateLimitText(rate)}.`);
  }
  if (quota !== null && isLess(perDay(quota), before.quota && perDay(before.quota))) {
    add('quota', `New keys without a quota of their own get ${quotaText(quota)}.`);
  }
  if (isLess(after.revoke_unused_after_days, before.revoke_unused_after_days)) {
    add(
      'revoke_unused_after_days',
      `Every key that nobody uses for ${days(after.revoke_unused_after_days)} is revoked, existing ones too.`,
      true,
    );
  }
  if (after.revoke_descendants && !before.revoke_descendants) {
    add('revoke_descendants', 'Whoever revokes a key also revokes all that it made, existing ones too.', true);
  }
  return found;
}

/** Whether a limit is less than before; null is no limit. */
function isLess(after: number | null, before: number | null): boolean {
  return after !== null && (before === null || after < before);
}

function perSecond({ requests, seconds }: NonNullable<Policy['rate_limit']>): number {
  return requests / seconds;
}

function perDay({ requests, period }: NonNullable<Policy['quota']>): number {
  return period === 'day' ? requests : requests / 30;
}

function days(value: number | null): string {
  return value === 1 ? '1 day' : `${(value ?? 0).toLocaleString('en')} days`;
}
