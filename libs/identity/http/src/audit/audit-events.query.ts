import { AUDIT_EVENT_TYPES, type AuditEventType } from '@feather-identity/core';
import { Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, IsString, IsUUID, Max, Min } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { KeyPrefixParameter } from '../key-prefix.parameter.js';
import { QueryParameter } from '../query-parameter.decorator.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Which part of the audit log is wanted. */
export class AuditEventsQuery {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @Optional()
  @IsString()
  readonly cursor?: string;

  @Optional()
  @IsUUID()
  readonly api_key_id?: string;

  @Optional()
  @IsString()
  readonly key_prefix?: string;

  @Optional()
  @IsIn(AUDIT_EVENT_TYPES)
  readonly type?: AuditEventType;
}

/** Documents `AuditEventsQuery`. */
export function AuditEventsParameters(): MethodDecorator {
  const limit = {
    minimum: 1,
    maximum: MAX_LIMIT,
    title: 'Limit',
    default: DEFAULT_LIMIT,
    type: 'integer',
    examples: [20],
  };
  return applyDecorators(
    QueryParameter('limit', limit, 'The most events of a page.'),
    QueryParameter(
      'cursor',
      { title: 'Cursor', type: 'string', examples: [EXAMPLE.cursor] },
      'Where the page begins: `next_cursor` of the page before.',
    ),
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
  );
}
