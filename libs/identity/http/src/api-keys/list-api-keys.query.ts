import {
  API_KEY_SORTS,
  API_KEY_STATUSES,
  type ApiKeySort,
  type ApiKeyStatus,
  KEY_NOTE_RULES,
} from '@feather-identity/core';
import { IgnoreExtra, Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsDate, IsIn, IsInt, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { KeyPrefixParameter } from '../key-prefix.parameter.js';
import { label } from '../openapi-types.js';
import { QueryParameter } from '../query-parameter.decorator.js';
import { MAX_NAME_LENGTH } from './api-key-create.request.js';

const { maxLabelLength, labelPattern } = KEY_NOTE_RULES;

/** The default limit of keys of an organization, so that clients that know no pages see all keys. */
const MAX_KEYS = 1000;

/**
 * Which part of the list of keys is wanted. Without `include_revoked`, revoked keys are shown if `key_prefix` is given.
 * Other parameters are ignored, as by the Feather API.
 */
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

  @Optional()
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  readonly q?: string;

  @Optional()
  @IsString()
  @MaxLength(maxLabelLength)
  @Matches(new RegExp(labelPattern))
  readonly label?: string;

  @Optional()
  @IsIn(API_KEY_STATUSES)
  readonly status?: ApiKeyStatus;

  @Optional()
  @IsDate()
  readonly unused_since?: Date;

  @Optional()
  @IsIn(API_KEY_SORTS)
  readonly sort?: ApiKeySort;
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
      'Where the page begins: the cursor in the `Link` of the previous page.',
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
      'Only keys that end before this instant, including those that have already ended.',
    ),
    QueryParameter(
      'q',
      { maxLength: MAX_NAME_LENGTH, title: 'Q', type: 'string', examples: ['web'] },
      'Only keys whose name begins with this text; the letters A to Z match in either case. Empty: all.',
    ),
    QueryParameter('label', { ...label, title: 'Label', examples: [EXAMPLE.labels[0]] }, 'Only keys with this label.'),
    QueryParameter(
      'status',
      { enum: API_KEY_STATUSES, title: 'Status', type: 'string', examples: ['active'] },
      'Only keys in this state. A revoked key is in no other state, nor is a disabled one; with `revoked`, ' +
        '`include_revoked` has no effect.',
    ),
    QueryParameter(
      'unused_since',
      { format: 'date-time', title: 'Unused Since', type: 'string', examples: [EXAMPLE.createdAt] },
      'Only keys that were neither used nor created nor rotated at this instant or later, as policies count it.',
    ),
    QueryParameter(
      'sort',
      { enum: API_KEY_SORTS, title: 'Sort', type: 'string', examples: ['name'] },
      'By creation (the default) or last use, the newest first; by name, A to Z; or by expiry, the next first. ' +
        'Keys that were never ' +
        'used, or never expire, come last.',
    ),
  );
}
