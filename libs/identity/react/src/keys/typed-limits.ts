import { requestsOf, type Quota, type RateLimit } from './limits.js';
import { networksProblem, splitList } from './notes.js';

const MOST_IN_WINDOW = 100_000;
const MOST_IN_PERIOD = 1_000_000_000;

/** Limits and networks as they are typed. */
export interface TypedLimits {
  readonly rate: string;
  readonly window: string;
  readonly quota: string;
  readonly period: 'day' | 'month';
  readonly networks: string;
}

/** Without limits and networks. */
export const NO_LIMITS: TypedLimits = { rate: '', window: '60', quota: '', period: 'month', networks: '' };

/** The limits of a key as they would be typed. */
export function typedLimits(
  rate: RateLimit | null | undefined,
  quota: Quota | null | undefined,
  networks: readonly string[] | undefined,
): TypedLimits {
  return {
    rate: rate ? String(rate.requests) : '',
    window: String(rate?.seconds ?? 60),
    quota: quota ? String(quota.requests) : '',
    period: quota?.period ?? 'month',
    networks: (networks ?? []).join('\n'),
  };
}

/** What is wrong with typed limits, by field. */
export function limitProblems({ rate, quota, networks }: TypedLimits): {
  rate: string | null;
  quota: string | null;
  networks: string | null;
} {
  const wrong = (text: string, most: number): string | null =>
    text.trim() === '' || requestsOf(text, most) !== undefined
      ? null
      : `A whole number from 1 to ${most.toLocaleString('en')}.`;
  return {
    rate: wrong(rate, MOST_IN_WINDOW),
    quota: wrong(quota, MOST_IN_PERIOD),
    networks: networksProblem(networks),
  };
}

/** The fields of a request; null takes a limit away. */
export function limitsBody(typed: TypedLimits): {
  rate_limit: RateLimit | null;
  quota: Quota | null;
  allowed_networks: string[] | null;
} {
  const requests = requestsOf(typed.rate, MOST_IN_WINDOW);
  const quota = requestsOf(typed.quota, MOST_IN_PERIOD);
  const networks = splitList(typed.networks);
  return {
    rate_limit: requests === undefined ? null : { requests, seconds: Number(typed.window) },
    quota: quota === undefined ? null : { requests: quota, period: typed.period },
    allowed_networks: networks.length === 0 ? null : [...networks],
  };
}
