import { Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength, MinLength } from 'class-validator';
import { EXAMPLE } from '../../openapi-examples.js';
import { ApiRequestSchema } from '../../titled-schema.decorator.js';
import { PageQuery } from '../../page.query.js';
import { nullableText, TEXT } from '../texts.js';

/** What can be said of a member at any time. */
class MemberFields {
  @ApiProperty({
    ...nullableText,
    title: 'Email',
    description: 'Its address. Null: none.',
    examples: [EXAMPLE.email],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly email?: string | null;

  @ApiProperty({
    ...nullableText,
    title: 'Display Name',
    description: 'What people call it. Null: nothing.',
    examples: [EXAMPLE.displayName],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly display_name?: string | null;

  @ApiProperty({
    ...TEXT,
    title: 'Role',
    description: 'Its role, which `whoami` shows. Keys of a member with the role `org:admin` are made by `key create`.',
    examples: ['org:member'],
    required: false,
  })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly role?: string;
}

/** The body that adds a member. */
@ApiRequestSchema('MemberCreateRequest', 'The new member. Without a role it has ``org:member``.')
export class MemberCreateRequest extends MemberFields {
  @ApiProperty({
    ...TEXT,
    title: 'External Id',
    description: 'Its id in your identity provider, unique within the organization.',
    examples: ['user_2abc'],
  })
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly external_id!: string;
}

/** The body that changes a member. */
@ApiRequestSchema('MemberUpdateRequest', 'What changes. Omitted fields stay unchanged.')
export class MemberUpdateRequest extends MemberFields {
  @ApiProperty({
    type: 'boolean',
    title: 'Is Active',
    description: 'False: all of its keys are refused from the next request on, until it is active again.',
    examples: [false],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly is_active?: boolean;
}

/** Which members to list. */
export class MembersOfOrganizationQuery extends PageQuery {
  @Optional()
  @IsString()
  readonly role?: string;

  @Optional()
  @IsString()
  readonly external_id?: string;
}
