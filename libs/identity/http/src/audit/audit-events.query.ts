import { AUDIT_EVENT_TYPES, type AuditEventType } from '@feather-identity/core';
import { Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsIn, IsString, IsUUID } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { PageParameters, PageQuery } from '../page.query.js';
import { KeyPrefixParameter } from '../key-prefix.parameter.js';
import { QueryParameter } from '../query-parameter.decorator.js';

/** Which part of the audit log is wanted. */
export class AuditEventsQuery extends PageQuery {
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
  return applyDecorators(
    PageParameters(),
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
