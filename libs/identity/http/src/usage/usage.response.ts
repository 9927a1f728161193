import type { ApiKeyUsage, OrganizationUsageReport, UsageBucket, UsageTotals } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

const count = (title: string, description: string, example: number) => ({
  type: 'integer' as const,
  minimum: 0,
  title,
  description,
  examples: [example],
});

/** How many requests with right secrets had which outcome. */
@ApiTitledSchema('UsageTotalsResponse', 'Requests by their outcome. Each counts once; wrong secrets do not count.')
export class UsageTotalsResponse {
  @ApiProperty(count('Accepted', 'Those that passed.', 1042))
  readonly accepted!: number;
  @ApiProperty(count('Refused State', 'Refused because the key was revoked, disabled, expired or rotated.', 0))
  readonly refused_state!: number;
  @ApiProperty(count('Refused Scope', 'Refused because the key lacked a scope.', 3))
  readonly refused_scope!: number;
  @ApiProperty(count('Refused Limit', 'Refused because a limit of the key or of its organization was reached.', 0))
  readonly refused_limit!: number;
  @ApiProperty(count('Refused Address', 'Refused because the key is not accepted from that address.', 0))
  readonly refused_address!: number;
}

/** The same of an hour, day or month. */
@ApiTitledSchema('UsageBucketResponse', 'The requests of an hour, day or month.')
export class UsageBucketResponse extends UsageTotalsResponse {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Starts At',
    description: 'When it began, in UTC.',
    examples: ['2026-12-01T00:00:00Z'],
  })
  readonly starts_at!: string;
}

/** The same of a key. */
@ApiTitledSchema('ApiKeyUsageResponse', 'The requests with one key.')
export class ApiKeyUsageResponse extends UsageTotalsResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Api Key Id',
    description: 'The key.',
    examples: [EXAMPLE.keyId],
  })
  readonly api_key_id!: string;
  @ApiProperty({
    type: [UsageBucketResponse],
    title: 'Buckets',
    description: 'Oldest first, without the empty ones. There with `by_key` alone.',
    required: false,
  })
  readonly buckets?: readonly UsageBucketResponse[];
}

const FROM = {
  type: 'string' as const,
  format: 'date-time',
  title: 'From',
  description: 'Where the first bucket begins.',
  examples: ['2026-11-24T00:00:00Z'],
};
const TO = {
  type: 'string' as const,
  format: 'date-time',
  title: 'To',
  description: 'Before which instant the time ends.',
  examples: [EXAMPLE.revokedAt],
};

/** The time of an answer. */
export class UsagePeriodResponse {
  @ApiProperty(FROM)
  readonly from!: string;
  @ApiProperty(TO)
  readonly to!: string;
}

/** How often the keys of an organization were used. */
@ApiTitledSchema('UsageResponse', 'The outcomes of the requests with the keys of an organization.')
export class UsageResponse extends UsagePeriodResponse {
  @ApiProperty({
    type: 'string',
    enum: ['hour', 'day', 'month'],
    title: 'Granularity',
    description: 'How long a bucket is.',
    examples: ['day'],
  })
  readonly granularity!: 'hour' | 'day' | 'month';
  @ApiProperty({ type: UsageTotalsResponse, title: 'Totals', description: 'Of all keys that were asked for.' })
  readonly totals!: UsageTotalsResponse;
  @ApiProperty({
    type: [UsageBucketResponse],
    title: 'Buckets',
    description: 'The same by time: oldest first, without the empty ones.',
  })
  readonly buckets!: readonly UsageBucketResponse[];
  @ApiProperty({
    type: [ApiKeyUsageResponse],
    title: 'Keys',
    description: 'The same by key: the 100 busiest ones, or those of `api_key_id` that were used.',
  })
  readonly keys!: readonly ApiKeyUsageResponse[];
}

/** The totals of the examples. */
export const USAGE_TOTALS_EXAMPLE = {
  accepted: 1042,
  refused_state: 0,
  refused_scope: 3,
  refused_limit: 0,
  refused_address: 0,
} satisfies UsageTotalsResponse;

/** The answer of the examples. */
export const USAGE_EXAMPLE: UsageResponse = {
  from: '2026-11-24T00:00:00Z',
  to: EXAMPLE.revokedAt,
  granularity: 'day',
  totals: USAGE_TOTALS_EXAMPLE,
  buckets: [{ starts_at: '2026-12-01T00:00:00Z', ...USAGE_TOTALS_EXAMPLE }],
  keys: [{ api_key_id: EXAMPLE.keyId, ...USAGE_TOTALS_EXAMPLE }],
};

/** The response for a report without the buckets of its keys. */
export function toUsageResponse(report: OrganizationUsageReport): UsageResponse {
  return {
    from: formatInstant(report.from),
    to: formatInstant(report.to),
    granularity: report.granularity,
    totals: toUsageTotals(report.totals),
    buckets: report.buckets.map(toUsageBucket),
    keys: report.keys.map(toApiKeyUsage),
  };
}

/** The response for these counts. */
export function toUsageTotals(usage: UsageTotals): UsageTotalsResponse {
  return {
    accepted: usage.accepted,
    refused_state: usage.refusedState,
    refused_scope: usage.refusedScope,
    refused_limit: usage.refusedLimit,
    refused_address: usage.refusedAddress,
  };
}

function toUsageBucket(bucket: UsageBucket): UsageBucketResponse {
  return Object.assign({ starts_at: formatInstant(bucket.startsAt) }, toUsageTotals(bucket));
}

/** The response for the usage of one key. */
export function toApiKeyUsage(usage: ApiKeyUsage): ApiKeyUsageResponse {
  const shown = Object.assign({ api_key_id: usage.apiKeyId }, toUsageTotals(usage));
  return usage.buckets === undefined ? shown : Object.assign(shown, { buckets: usage.buckets.map(toUsageBucket) });
}
