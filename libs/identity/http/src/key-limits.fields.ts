import { KEY_LIMIT_RULES, MAX_NETWORKS, type Quota, type RateLimit } from '@feather-identity/core';
import { IsIn, IsInt, Max, Min } from 'class-validator';

const { maxRequests, maxSeconds, maxQuota } = KEY_LIMIT_RULES;
const NULL = { type: 'null' };

/** A rate limit in a body. */
export class RateLimitFields implements RateLimit {
  @IsInt()
  @Min(1)
  @Max(maxRequests)
  readonly requests!: number;

  @IsInt()
  @Min(1)
  @Max(maxSeconds)
  readonly seconds!: number;
}

/** A quota in a body. */
export class QuotaFields implements Quota {
  @IsInt()
  @Min(1)
  @Max(maxQuota)
  readonly requests!: number;

  @IsIn(['day', 'month'])
  readonly period!: Quota['period'];
}

const RATE_LIMIT_SCHEMA = {
  type: 'object',
  properties: {
    requests: { type: 'integer', minimum: 1, maximum: maxRequests, title: 'Requests' },
    seconds: { type: 'integer', minimum: 1, maximum: maxSeconds, title: 'Seconds' },
  },
  required: ['requests', 'seconds'],
  additionalProperties: false,
};

const QUOTA_SCHEMA = {
  type: 'object',
  properties: {
    requests: { type: 'integer', minimum: 1, maximum: maxQuota, title: 'Requests' },
    period: { type: 'string', enum: ['day', 'month'], title: 'Period' },
  },
  required: ['requests', 'period'],
  additionalProperties: false,
};

/** A rate limit or null, for OpenAPI. */
export const nullableRateLimit = {
  anyOf: [RATE_LIMIT_SCHEMA, NULL],
  title: 'Rate Limit',
  examples: [{ requests: 100, seconds: 60 }],
};

/** A quota or null, for OpenAPI. */
export const nullableQuota = {
  anyOf: [QUOTA_SCHEMA, NULL],
  title: 'Quota',
  examples: [{ requests: 100_000, period: 'month' }],
};

/** Networks or null, for OpenAPI. */
export const nullableNetworks = {
  anyOf: [{ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MAX_NETWORKS }, NULL],
  title: 'Allowed Networks',
  examples: [['203.0.113.0/24', '2001:db8::/32']],
};

/** The example of a key's limits and networks: it has none. */
export const NO_BOUNDS_EXAMPLE = { rate_limit: null, quota: null, allowed_networks: null };

/** A rate limit as it is shown. */
export function toRateLimitFields(rateLimit: RateLimit | null): RateLimit | null {
  return rateLimit && { requests: rateLimit.requests, seconds: rateLimit.seconds };
}

/** A quota as it is shown. */
export function toQuotaFields(quota: Quota | null): Quota | null {
  return quota && { requests: quota.requests, period: quota.period };
}
