import { AUDIT_EVENT_TYPES, type AuditEventFilters, type AuditEventType } from '@feather-identity/core';
import { Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsDate, IsIn, IsInt, IsString, IsUUID, Max, Min } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { DEFAULT_LIMIT, MAX_LIMIT, PageParameters } from '../page.query.js';
import { KeyPrefixParameter } from '../key-prefix.parameter.js';
import { QueryParameter } from '../query-parameter.decorator.js';

/** How events are exported. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;

/** Which events are wanted. */
class AuditEventFiltersQuery {
  @Optional()
  @IsUUID()
  readonly api_key_id?: string;

  @Optional()
  @IsString()
  readonly key_prefix?: string;

  @Optional()
  @IsIn(AUDIT_EVENT_TYPES)
  readonly type?: AuditEventType;

  @Optional()
  @IsUUID()
  readonly actor?: string;

  @Optional()
  @IsDate()
  readonly since?: Date;

  @Optional()
  @IsDate()
  readonly until?: Date;
}

/** Which part of the audit log to list. */
export class AuditEventsQuery extends AuditEventFiltersQuery {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @Optional()
  @IsString()
  readonly cursor?: string;
}

/** Which events are exported, and how. */
export class AuditEventsExportQuery extends AuditEventFiltersQuery {
  @Optional()
  @IsIn(EXPORT_FORMATS)
  readonly format: (typeof EXPORT_FORMATS)[number] = 'jsonl';
}

/** The filters of a query, as core names them. */
export function filtersIn(query: Readonly<AuditEventFiltersQuery>): AuditEventFilters {
  const { api_key_id: apiKeyId, key_prefix: keyPrefix, type, actor, since, until } = query;
  return { apiKeyId, keyPrefix, type, actor, since, until };
}

/** Documents `AuditEventsQuery`. */
export function AuditEventsParameters(): MethodDecorator {
  return applyDecorators(PageParameters(), FilterParameters());
}

/** Documents `AuditEventsExportQuery`. */
export function AuditEventsExportParameters(): MethodDecorator {
  return applyDecorators(
    QueryParameter(
      'format',
      { enum: EXPORT_FORMATS, title: 'Format', default: 'jsonl', type: 'string', examples: ['csv'] },
      '`csv`: RFC 4180 with a line of headings. `jsonl`: one JSON object a line.',
    ),
    FilterParameters(),
  );
}

function FilterParameters(): MethodDecorator {
  return applyDecorators(
    QueryParameter(
      'api_key_id',
      { format: 'uuid', title: 'Api Key Id', type: 'string', examples: [EXAMPLE.keyId] },
      'Only events of this key.',
    ),
    KeyPrefixParameter('Only events about the key that has or had this secret, from its creation on.'),
    QueryParameter(
      'type',
      { enum: AUDIT_EVENT_TYPES, title: 'Type', type: 'string', examples: ['api_key.created'] },
      'Only events of this type.',
    ),
    QueryParameter(
      'actor',
      { format: 'uuid', title: 'Actor', type: 'string', examples: [EXAMPLE.ownerKeyId] },
      'Only what this key did, or what this member did, also by a key.',
    ),
    QueryParameter(
      'since',
      { format: 'date-time', title: 'Since', type: 'string', examples: [EXAMPLE.createdAt] },
      'Only what happened at this instant or later.',
    ),
    QueryParameter(
      'until',
      { format: 'date-time', title: 'Until', type: 'string', examples: [EXAMPLE.revokedAt] },
      'Only what happened before this instant.',
    ),
  );
}
