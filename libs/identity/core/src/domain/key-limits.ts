import { IdentityError } from './identity-error.js';

/** How many requests a key may make in any stretch of time of this length. */
export interface RateLimit {
  /** A whole number from 1. */
  readonly requests: number;
  /** The length of the stretch in seconds: a whole number from 1. */
  readonly seconds: number;
}

/** How many requests a key may make in a day or month, which begin at midnight UTC. */
export interface Quota {
  /** A whole number from 1. */
  readonly requests: number;
  readonly period: 'day' | 'month';
}

/** The largest numbers of a limit. What is counted in memory must stay small, and what is stored must fit its column. */
export const KEY_LIMIT_RULES = { maxRequests: 100_000, maxSeconds: 3600, maxQuota: 1_000_000_000 } as const;

/** A day or month in UTC. */
export interface QuotaPeriod {
  readonly startsAt: Date;
  /** When the next one starts. */
  readonly endsAt: Date;
}

/** The most days of a month. */
const MONTH_DAYS = 31;

/** Throws `api_key.limit_invalid` for anything but a limit, or null for none. */
export function assertRateLimit(limit: RateLimit | null): void {
  if (limit === null) return;
  const { requests, seconds } = limit;
  const { maxRequests, maxSeconds } = KEY_LIMIT_RULES;
  if (isFromOne(requests, maxRequests) && isFromOne(seconds, maxSeconds)) return;
  throw invalid(`rate_limit is 1 to ${maxRequests} requests in 1 to ${maxSeconds} seconds.`);
}

/** Throws `api_key.limit_invalid` for anything but a quota, or null for none. */
export function assertQuota(quota: Quota | null): void {
  if (quota === null) return;
  const { requests, period } = quota;
  const { maxQuota } = KEY_LIMIT_RULES;
  if (isFromOne(requests, maxQuota) && isPeriod(period)) return;
  throw invalid(`quota is 1 to ${maxQuota} requests a day or month.`);
}

/** Whether a key with this limit can never make more requests in a stretch of the bound than the bound allows. */
export function isRateWithin(limit: RateLimit | null, bound: RateLimit | null): boolean {
  if (bound === null) return true;
  return limit !== null && limit.requests * Math.ceil(bound.seconds / limit.seconds) <= bound.requests;
}

/** Whether a key with this quota can never make more requests in a period of the bound than the bound allows. */
export function isQuotaWithin(quota: Quota | null, bound: Quota | null): boolean {
  if (bound === null) return true;
  if (quota === null) return false;
  const periods = quota.period === 'day' && bound.period === 'month' ? MONTH_DAYS : 1;
  return quota.requests * periods <= bound.requests;
}

/** The day or month of this instant. */
export function quotaPeriodAt(period: Quota['period'], at: Date): QuotaPeriod {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const [start, end] =
    period === 'day'
      ? [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)]
      : [Date.UTC(year, month), Date.UTC(year, month + 1)];
  return { startsAt: new Date(start), endsAt: new Date(end) };
}

/** As the command line takes it and the audit log shows it: `100/60`. */
export function spellRateLimit({ requests, seconds }: RateLimit): string {
  return `${requests}/${seconds}`;
}

/** As the command line takes it and the audit log shows it: `100000/month`. */
export function spellQuota({ requests, period }: Quota): string {
  return `${requests}/${period}`;
}

function isFromOne(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

/** Types do not hold in JavaScript. */
function isPeriod(period: string): boolean {
  return period === 'day' || period === 'month';
}

function invalid(message: string): IdentityError {
  return new IdentityError('api_key.limit_invalid', message);
}
