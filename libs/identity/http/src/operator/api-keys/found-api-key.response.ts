import {
  type ListedApiKey,
  type OperatorKey,
  type RecentUsage,
  type TracedApiKey,
  UNUSED,
} from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import {
  API_KEY_EXAMPLE,
  ApiKeyResponse,
  toApiKeyResponseOfAny,
  toListedApiKeyResponseOfAny,
} from '../../api-keys/api-key.response.js';
import { formatOptionalInstant } from '../../instant.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { nullableDateTime } from '../../openapi-types.js';
import { ApiTitledSchema } from '../../titled-schema.decorator.js';
import {
  ORGANIZATION_EXAMPLE,
  OrganizationResponse,
  toOrganizationResponse,
} from '../organizations/organization.response.js';
import { hasMoreProperty, nextCursorProperty } from '../../page.query.js';

/** A key that a public part or a token belongs to, and whose it is. */
@ApiTitledSchema(
  'FoundApiKeyResponse',
  'A key in any state. ``key_prefix`` is the secret that was looked for; that of its current secret is in ``api_key``.',
)
export class FoundApiKeyResponse {
  @ApiProperty({ type: OrganizationResponse, description: 'The organization to which it belongs.' })
  readonly organization!: OrganizationResponse;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Member Id',
    description: 'The member to whom it belongs.',
    examples: [EXAMPLE.memberId],
  })
  readonly member_id!: string;
  @ApiProperty({ type: ApiKeyResponse, description: 'The key.' })
  readonly api_key!: ApiKeyResponse;
  @ApiProperty({
    type: 'string',
    title: 'Key Prefix',
    description: 'The beginning of the secret that was looked for.',
    examples: [EXAMPLE.keyPrefix],
  })
  readonly key_prefix!: string;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Replaced At',
    description: 'When a rotation replaced that secret. Null: it is the current one.',
    examples: [null],
  })
  readonly replaced_at!: string | null;
  @ApiProperty({
    anyOf: [{ type: 'boolean' }, { type: 'null' }],
    title: 'Whole Token Matches',
    description: 'Whether the whole token is that secret. Null: no whole token was given, or the secret is gone.',
    examples: [true],
  })
  readonly whole_token_matches!: boolean | null;
}

/** The operator key that a leaked text begins like. */
@ApiTitledSchema('FoundOperatorKey', 'An operator key. `feather operator key revoke` ends it.')
export class FoundOperatorKey {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the operator key.',
    examples: [EXAMPLE.ownerKeyId],
  })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name', description: 'Its name.', examples: ['sign-up'] })
  readonly name!: string;
  @ApiProperty({
    type: 'string',
    title: 'Key Prefix',
    description: 'The beginning of its token. The rest was not compared.',
    examples: ['fth_operator_7XVdoQwR'],
  })
  readonly key_prefix!: string;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When it ends. Null: never.',
    examples: [null],
  })
  readonly expires_at!: string | null;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Revoked At',
    description: 'When it was revoked. Null: it was not.',
    examples: [null],
  })
  readonly revoked_at!: string | null;
}

/** The keys that were found. */
@ApiTitledSchema('FoundApiKeys', 'Almost always one key, or none.')
export class FoundApiKeys {
  @ApiProperty({ type: [FoundApiKeyResponse], title: 'Items', description: 'The keys that were found.' })
  readonly items!: readonly FoundApiKeyResponse[];
  @ApiProperty({
    type: FoundOperatorKey,
    description: 'The operator key that begins like the text. Absent if there is none.',
    required: false,
  })
  readonly operator_key?: FoundOperatorKey;
}

/** A page of keys of an organization. */
@ApiTitledSchema('ApiKeyPage', 'A part of the keys.')
export class ApiKeyPage {
  @ApiProperty({ type: [ApiKeyResponse], title: 'Items', description: 'The keys, newest first.' })
  readonly items!: readonly ApiKeyResponse[];
  @ApiProperty(hasMoreProperty)
  readonly has_more!: boolean;
  @ApiProperty(nextCursorProperty)
  readonly next_cursor!: string | null;
}

const LISTED_EXAMPLE = { ...API_KEY_EXAMPLE, revoked_at: null };

/** A page of the examples. */
export const API_KEY_PAGE_EXAMPLE: ApiKeyPage = {
  items: [LISTED_EXAMPLE],
  has_more: true,
  next_cursor: EXAMPLE.cursor,
};

/** What a search finds in the examples. */
export const FOUND_EXAMPLE: FoundApiKeys = {
  items: [
    {
      organization: ORGANIZATION_EXAMPLE,
      member_id: EXAMPLE.memberId,
      api_key: LISTED_EXAMPLE,
      key_prefix: EXAMPLE.keyPrefix,
      replaced_at: null,
      whole_token_matches: true,
    },
  ],
};

/** The response for a search, field by field. */
export function toFoundApiKeys(
  found: readonly TracedApiKey[],
  usages: ReadonlyMap<string, RecentUsage>,
  operatorKey: OperatorKey | null,
  at: Date,
): FoundApiKeys {
  return {
    items: found.map((traced) => ({
      organization: toOrganizationResponse(traced.organization),
      member_id: traced.member.id,
      api_key: toApiKeyResponseOfAny(traced.apiKey, at, usages.get(traced.apiKey.id) ?? UNUSED),
      key_prefix: traced.keyPrefix,
      replaced_at: formatOptionalInstant(traced.replacedAt),
      whole_token_matches: traced.isWhole,
    })),
    ...(operatorKey === null ? {} : { operator_key: toFoundOperatorKey(operatorKey) }),
  };
}

function toFoundOperatorKey({ id, name, keyPrefix, expiresAt, revokedAt }: OperatorKey): FoundOperatorKey {
  const [expires_at, revoked_at] = [formatOptionalInstant(expiresAt), formatOptionalInstant(revokedAt)];
  return { id, name, key_prefix: keyPrefix, expires_at, revoked_at };
}

/** The response for a page. */
export function toApiKeyPage(items: readonly ListedApiKey[], next: string | null, at: Date): ApiKeyPage {
  return {
    items: items.map((key) => toListedApiKeyResponseOfAny(key, at)),
    has_more: next !== null,
    next_cursor: next,
  };
}
