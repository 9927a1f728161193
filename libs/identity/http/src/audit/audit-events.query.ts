import { AUDIT_EVENT_TYPES, type AuditEventType } from '@feather-identity/core';
import { MayBeOmitted } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, IsUUID, Max, Min } from 'class-validator';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Which part of the audit log is wanted. */
export class AuditEventsQuery {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    title: 'Limit',
    required: false,
  })
  @MayBeOmitted()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @ApiProperty({ type: 'string', title: 'Cursor', required: false })
  @MayBeOmitted()
  @IsString()
  readonly cursor?: string;

  @ApiProperty({ type: 'string', format: 'uuid', title: 'Api Key Id', required: false })
  @MayBeOmitted()
  @IsUUID()
  readonly api_key_id?: string;

  @ApiProperty({ type: 'string', enum: AUDIT_EVENT_TYPES, title: 'Type', required: false })
  @MayBeOmitted()
  @IsIn(AUDIT_EVENT_TYPES)
  readonly type?: AuditEventType;
}
