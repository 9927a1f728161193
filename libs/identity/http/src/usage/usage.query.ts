import { MAX_USAGE_DAYS, MAX_USAGE_KEYS, type UsageGranularity, type UsageRange } from '@feather-identity/core';
import { Optional, RequestValidationError } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsBoolean, IsDate, IsIn, IsUUID } from 'class-validator';
import { formatInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid } from '../protected-operation.decorator.js';
import { QueryParameter } from '../query-parameter.decorator.js';

const GRANULARITIES = ['hour', 'day', 'month'] as const satisfies UsageGranularity[];

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

/** Of which time usage is wanted. */
export class UsagePeriodQuery {
  @Optional()
  @IsDate()
  readonly from?: Date;

  @Optional()
  @IsDate()
  readonly to?: Date;
}

/** Of which time and keys usage is wanted, and how. */
export class UsageQuery extends UsagePeriodQuery {
  @Optional()
  @IsIn(GRANULARITIES)
  readonly granularity: UsageGranularity = 'day';

  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_USAGE_KEYS)
  @IsUUID(undefined, { each: true })
  readonly api_key_id?: readonly string[];

  @Optional()
  @IsBoolean()
  readonly by_key: boolean = false;
}

/**
 * The time that is wanted.
 *
 * @throws RequestValidationError 422 if it is empty, or too long for its buckets
 */
export function rangeIn(
  { from, to }: Readonly<UsagePeriodQuery>,
  granularity: UsageGranularity,
  now: Date,
): UsageRange {
  const end = to ?? now;
  const begin = from ?? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS);
  if (begin >= end) throw fault(begin, 'less_than', 'less than', { lt: formatInstant(end) });
  const least = new Date(end.getTime() - MAX_USAGE_DAYS[granularity] * DAY_MS);
  if (begin < least) {
    throw fault(begin, 'greater_than_equal', 'greater than or equal to', { ge: formatInstant(least) });
  }
  return { from: begin, to: end, granularity };
}

function fault(
  input: Date,
  type: string,
  relation: string,
  ctx: Readonly<Record<string, string>>,
): RequestValidationError {
  const msg = `Input should be ${relation} ${Object.values(ctx)[0] ?? ''}`;
  return new RequestValidationError([{ type, loc: ['query', 'from'], msg, input: formatInstant(input), ctx }]);
}

/** Documents `UsagePeriodQuery`. */
export function UsagePeriodParameters(): MethodDecorator {
  return applyDecorators(
    QueryParameter(
      'from',
      { format: 'date-time', title: 'From', type: 'string', examples: [EXAMPLE.createdAt] },
      'The beginning of the period; whole hours, days or months count. Default: 30 days before `to`.',
    ),
    QueryParameter(
      'to',
      { format: 'date-time', title: 'To', type: 'string', examples: [EXAMPLE.revokedAt] },
      'Before which instant it ends. Default: now.',
    ),
    Invalid({
      type: 'greater_than_equal',
      loc: ['query', 'from'],
      msg: 'Input should be greater than or equal to 2026-11-19T08:00:00Z',
      input: '2020-01-01T00:00:00Z',
      ctx: { ge: '2026-11-19T08:00:00Z' },
    }),
  );
}

/** Documents `UsageQuery`. */
export function UsageParameters(): MethodDecorator {
  return applyDecorators(
    UsagePeriodParameters(),
    QueryParameter(
      'granularity',
      { enum: GRANULARITIES, title: 'Granularity', default: 'day', type: 'string', examples: ['hour'] },
      'How long a bucket is, in UTC: at most 31 days are read by the `hour`, 400 days by the `day`, 1096 days by the ' +
        '`month`.',
    ),
    QueryParameter(
      'api_key_id',
      {
        type: 'array',
        items: { type: 'string', format: 'uuid' },
        maxItems: MAX_USAGE_KEYS,
        title: 'Api Key Id',
        examples: [[EXAMPLE.keyId]],
      },
      'Only this key; for several repeat it.',
    ),
    QueryParameter(
      'by_key',
      { title: 'By Key', default: false, type: 'boolean', examples: [true] },
      'Whether each key in the response has its own buckets.',
    ),
  );
}
