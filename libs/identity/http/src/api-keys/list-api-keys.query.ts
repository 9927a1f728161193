import { MayBeOmitted } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';

/** As many as an organization has unless its limit was raised: clients that know no pages see all of them. */
const MAX_KEYS = 1000;

/** Which part of the list of keys is wanted. */
export class ListApiKeysQuery {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_KEYS, default: MAX_KEYS, title: 'Limit', required: false })
  @MayBeOmitted()
  @IsInt()
  @Min(1)
  @Max(MAX_KEYS)
  readonly limit: number = MAX_KEYS;

  @ApiProperty({ type: 'string', title: 'Cursor', required: false })
  @MayBeOmitted()
  @IsString()
  readonly cursor?: string;

  @ApiProperty({ type: 'boolean', default: false, title: 'Include Revoked', required: false })
  @MayBeOmitted()
  @IsBoolean()
  readonly include_revoked: boolean = false;
}
