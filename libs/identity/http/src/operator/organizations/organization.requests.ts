import { Nullable, Optional, OptionalBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMinSize, IsArray, IsBoolean, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import { EXAMPLE } from '../../openapi-examples.js';
import { grantableScopes, nullableDateTime } from '../../openapi-types.js';
import { ApiRequestSchema } from '../../titled-schema.decorator.js';
import { nullableText, TEXT } from '../texts.js';
import { PageQuery } from '../../page.query.js';

/** The body that creates an organization. */
@ApiRequestSchema(
  'OrganizationCreateRequest',
  'The organization, its owner, and with ``first_key_scopes`` a first key. All of it is stored, or nothing.',
)
export class OrganizationCreateRequest {
  @ApiProperty({ ...TEXT, title: 'Name', description: 'Its name.', examples: [EXAMPLE.organizationName] })
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly name!: string;

  @ApiProperty({
    ...TEXT,
    title: 'Owner External Id',
    description: "The owner's id in your identity provider. If omitted: `owner`.",
    examples: ['user_2abc'],
    required: false,
  })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly owner_external_id?: string;

  @ApiProperty({
    ...nullableText,
    title: 'Owner Email',
    description: "The owner's address.",
    examples: [EXAMPLE.email],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly owner_email?: string | null;

  @ApiProperty({
    ...nullableText,
    title: 'Owner Display Name',
    description: 'What people call the owner.',
    examples: [EXAMPLE.displayName],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly owner_display_name?: string | null;

  @ApiProperty({
    ...grantableScopes,
    minItems: 1,
    title: 'First Key Scopes',
    description:
      'What the first key may do: any scopes, or `*` for everything in the organization. If omitted: no key is made.',
    required: false,
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  readonly first_key_scopes?: readonly string[];

  @ApiProperty({
    ...TEXT,
    title: 'First Key Name',
    description: 'The name of the first key. If omitted: `Owner key`. It needs `first_key_scopes`.',
    examples: [EXAMPLE.name],
    required: false,
  })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly first_key_name?: string;

  @ApiProperty({
    ...nullableDateTime,
    title: 'First Key Expires At',
    description: 'When the first key ends, in the future. If omitted or null: never. It needs `first_key_scopes`.',
    examples: [EXAMPLE.expiresAt],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsDate()
  readonly first_key_expires_at?: Date | null;
}

/** The body that changes an organization. */
@ApiRequestSchema('OrganizationUpdateRequest', 'What changes. Omitted fields stay unchanged.')
export class OrganizationUpdateRequest {
  @ApiProperty({
    ...TEXT,
    title: 'Name',
    description: 'Its new name.',
    examples: [EXAMPLE.organizationName],
    required: false,
  })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(TEXT.maxLength)
  readonly name?: string;

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

/** Which organizations to list. */
export class OrganizationsQuery extends PageQuery {
  @Optional()
  @IsString()
  readonly search?: string;
}

/** A deletion has no body: `confirm` belongs in the query, and would be ignored here. */
@OptionalBody()
export class OrganizationDeleteBody {}

/** Whether a deletion is confirmed. */
export class OrganizationDeleteQuery {
  @Optional()
  @IsString()
  readonly confirm?: string;
}
