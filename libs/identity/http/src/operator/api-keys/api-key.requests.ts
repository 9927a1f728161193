import { Optional, SecretBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';
import { EXAMPLE } from '../../openapi-examples.js';
import { ApiRequestSchema } from '../../titled-schema.decorator.js';

/** As many as are read at once. */
export const MAX_KEYS_OF_PAGE = 50;

/** The body that looks for the key of a token. */
@SecretBody()
@ApiRequestSchema('FindApiKeyRequest', 'The token in question. It is in the body, since addresses are logged.')
export class FindApiKeyRequest {
  @ApiProperty({
    type: 'string',
    title: 'Token',
    description: 'A whole token, or less of it.',
    examples: [EXAMPLE.plainText],
  })
  @IsString()
  readonly token!: string;
}

/** Which keys of an organization to list. */
export class KeysOfOrganizationQuery {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_KEYS_OF_PAGE)
  readonly limit: number = MAX_KEYS_OF_PAGE;

  @Optional()
  @IsString()
  readonly cursor?: string;

  @Optional()
  @IsBoolean()
  readonly include_revoked: boolean = false;
}

/** Which keys of all organizations to find. */
export class KeyPrefixQuery {
  @IsString()
  readonly key_prefix!: string;
}

/** Which keys to revoke together with a key. */
export class RevokeKeyQuery {
  @Optional()
  @IsBoolean()
  readonly cascade?: boolean;
}
