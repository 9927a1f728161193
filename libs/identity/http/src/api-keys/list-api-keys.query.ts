import { IgnoreExtra, Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsDate, IsInt, IsString, IsUUID, Max, Min } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { KeyPrefixParameter } from '../key-prefix.parameter.js';
import { QueryParameter } from '../query-parameter.decorator.js';

/** The default limit of keys of an organization, so that clients that know no pages see all keys. */
const MAX_KEYS = 1000;

/** Which part of the list of keys is wanted. Without `include_revoked`, revoked keys are shown if `key_prefix` is given. Other parameters are ignored, as by the Feather API. */
@IgnoreExtra()
export class ListApiKeysQuery {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_KEYS)
  readonly limit: number = MAX_KEYS;

  @Optional()
  @IsString()
  readonly cursor?: string;

  @Optional()
  @IsBoolean()
  readonly include_revoked?: boolean;

  @Optional()
  @IsString()
  readonly key_prefix?: string;

  @Optional()
  @IsUUID()
  readonly created_by?: string;

  @Optional()
  @IsDate()
  readonly expires_before?: Date;
}

/** Documents `ListApiKeysQuery`. */
export function ListApiKeysParameters(): MethodDecorator {
  return applyDecorators(
    QueryParameter(
      'limit',
      { minimum: 1, maximum: MAX_KEYS, title: 'Limit', default: MAX_KEYS, type: 'integer', examples: [50] },
      'The most keys of a page.',
    ),
    QueryParameter(
      'cursor',
      { title: 'Cursor', type: 'string', examples: [EXAMPLE.cursor] },
      'Where the page begins: the one in the `Link` of the page before.',
    ),
    QueryParameter(
      'include_revoked',
      { title: 'Include Revoked', default: false, type: 'boolean', examples: [true] },
      'Whether to list revoked keys too, with `revoked_at`. With `key_prefix` the default is `true`: a leaked key is ' +
        'found also if it is revoked.',
    ),
    KeyPrefixParameter('Only the key that has or had this secret.'),
    QueryParameter(
      'created_by',
      { format: 'uuid', title: 'Created By', type: 'string', examples: [EXAMPLE.ownerKeyId] },
      'Only keys that this key or member has made.',
    ),
    QueryParameter(
      'expires_before',
      { format: 'date-time', title: 'Expires Before', type: 'string', examples: [EXAMPLE.expiresAt] },
      'Only keys that end before this instant. Those that have ended are among them.',
    ),
  );
}
