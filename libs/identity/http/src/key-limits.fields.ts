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

const rateLimit = {
  type: 'object' as const,
  properties: {
    requests: { type: 'integer', minimum: 1, maximum: maxRequests, title: 'Requests' },
    seconds: { type: 'integer', minimum: 1, maximum: maxSeconds, title: 'Seconds' },
  },
  required: ['requests', 'seconds'],
  additionalProperties: false,
};

const quota = {
  type: 'object' as const,
  properties: {
    requests: { type: 'integer', minimum: 1, maximum: maxQuota, title: 'Requests' },
    period: { type: 'string', enum: ['day', 'month'], title: 'Period' },
  },
  required: ['requests', 'period'],
  additionalProperties: false,
};

const networks = { type: 'array' as const, items: { type: 'string' }, minItems: 1, maxItems: MAX_NETWORKS };

const RATE_LIMIT = { title: 'Rate Limit', examples: [{ requests: 100, seconds: 60 }] };
const QUOTA = { title: 'Quota', examples: [{ requests: 100_000, period: 'month' }] };
const NETWORKS = { title: 'Allowed Networks', examples: [['203.0.113.0/24', '2001:db8::/32']] };

/** A rate limit, for OpenAPI. */
export const rateLimitSchema = { allOf: [rateLimit], ...RATE_LIMIT };

/** A quota, for OpenAPI. */
export const quotaSchema = { allOf: [quota], ...QUOTA };

/** The networks of a key, for OpenAPI. */
export const networksSchema = { ...networks, ...NETWORKS };

/** A rate limit or null, for OpenAPI. */
export const nullableRateLimit = { anyOf: [rateLimit, NULL], ...RATE_LIMIT };

/** A quota or null, for OpenAPI. */
export const nullableQuota = { anyOf: [quota, NULL], ...QUOTA };

/** Networks or null, for OpenAPI. */
export const nullableNetworks = { anyOf: [networks, NULL], ...NETWORKS };
