import type { components } from '@feather-identity/client';
import { count } from '../format/numbers.js';

type Limits = Pick<components['schemas']['ApiKeyCreateRequest'], 'rate_limit' | 'quota'>;

/** At most so many requests in so many seconds. */
export type RateLimit = NonNullable<Limits['rate_limit']>;

/** At most so many requests a day or month. */
export type Quota = NonNullable<Limits['quota']>;

/** Lengths of the window of a rate limit that have a name. */
export const WINDOWS = [
  { seconds: 1, label: 'a second' },
  { seconds: 60, label: 'a minute' },
  { seconds: 3600, label: 'an hour' },
] as const;

/** A rate limit in words: `100 a minute`. */
export function rateLimitText({ requests, seconds }: RateLimit): string {
  const named = WINDOWS.find((each) => each.seconds === seconds);
  return `${count(requests)} ${named === undefined ? `in ${seconds} s` : named.label}`;
}

/** A quota in words: `100,000 a month`. */
export function quotaText({ requests, period }: Quota): string {
  return `${count(requests)} a ${period}`;
}

/** A typed number of requests: undefined if it is none, or out of bounds. */
export function requestsOf(text: string, most: number): number | undefined {
  const value = Number(text.replaceAll(/[\s,_]/g, ''));
  return Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;
}
