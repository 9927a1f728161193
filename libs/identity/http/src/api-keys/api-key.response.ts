import {
  type ApiKey,
  type FoundApiKey,
  type JsonObject,
  type KeyCreator,
  type ListedApiKey,
  type Quota,
  type RateLimit,
  type RecentUsage,
  type Token,
  UNUSED,
} from '@feather-identity/core';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { formatInstant, formatOptionalInstant } from '../instant.js';
import { networksSchema, quotaSchema, rateLimitSchema } from '../key-limits.fields.js';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableDateTime, nullableObject, nullableString, nullableUuid } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/**
 * Who made a key. It has no field `id`: a script that takes what follows the last `"id":` of an answer, as earlier documents
 * did, would take the maker for the key.
 */
@ApiTitledSchema('KeyCreatorResponse', 'Who made a key.')
class KeyCreatorResponse {
  @ApiProperty({
    enum: ['api_key', 'member', 'operator', 'system'],
    title: 'Type',
    description:
      'A key through the API, a member through the host application, the operator, or the service by itself.',
    examples: ['api_key'],
  })
  readonly type!: KeyCreator['type'];
  @ApiProperty({
    ...nullableUuid,
    title: 'Api Key Id',
    description: 'The key that made it. Null for the other types.',
    examples: [EXAMPLE.ownerKeyId],
  })
  readonly api_key_id!: string | null;
  @ApiProperty({
    ...nullableUuid,
    title: 'User Id',
    description: 'The member who made it. Null for the other types.',
    examples: [null],
  })
  readonly user_id!: string | null;
}

/** How often a key was used lately. */
@ApiTitledSchema('RecentUsageResponse', 'Requests with a key in the last 30 days, today included.')
class RecentUsageResponse {
  @ApiProperty({ type: 'integer', minimum: 0, title: 'Accepted', description: 'Those that passed.', examples: [1042] })
  readonly accepted!: number;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    title: 'Refused',
    description: 'Those with a right secret that were refused.',
    examples: [3],
  })
  readonly refused!: number;
}

/** From where a key was used. */
@ApiTitledSchema('LastUsedFromResponse', 'From where a key was last used.')
class LastUsedFromResponse {
  @ApiProperty({
    ...nullableString,
    title: 'Address',
    description: 'The IP address of the client. Null: it is not known.',
    examples: [EXAMPLE.address],
  })
  readonly address!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'User Agent',
    description:
      'What the client called itself: at most 256 characters, without words as long as a key. Null: nothing.',
    examples: [EXAMPLE.userAgent],
  })
  readonly user_agent!: string | null;
}

/**
 * What every response shows of a key: nothing that verifies its secret. Beyond the contract it says whether the key is
 * unrestricted, since `scopes` is empty then.
 */
@ApiExtraModels(KeyCreatorResponse, LastUsedFromResponse)
class ApiKeyFields {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the key in paths and in the audit log.',
    examples: [EXAMPLE.keyId],
  })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name', description: 'What people call the key.', examples: [EXAMPLE.name] })
  readonly name!: string;
  @ApiProperty({
    ...nullableString,
    title: 'Description',
    description: 'What the key is for. Null: nothing was said.',
    examples: [EXAMPLE.description],
  })
  readonly description!: string | null;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    title: 'Labels',
    description: 'What lists of keys are filtered by.',
    examples: [EXAMPLE.labels],
  })
  readonly labels!: readonly string[];
  @ApiProperty({
    ...nullableObject,
    title: 'Metadata',
    description: 'An object that the application receives when it verifies the key. Null: none.',
    examples: [EXAMPLE.metadata],
  })
  readonly metadata!: JsonObject | null;
  @ApiProperty({
    type: 'string',
    title: 'Key Prefix',
    description: "The beginning of the key's newest token. Not secret.",
    examples: [EXAMPLE.keyPrefix],
  })
  readonly key_prefix!: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    title: 'Scopes',
    description: 'What the key may do. Empty for an unrestricted key.',
    examples: [EXAMPLE.scopes],
  })
  readonly scopes!: readonly string[];
  @ApiProperty({
    type: 'boolean',
    title: 'Unrestricted',
    description: 'Whether the key may do everything. `false` for a key with `*`: look for `*` in `scopes` too.',
    examples: [false],
  })
  readonly unrestricted!: boolean;
  @ApiProperty({
    type: 'boolean',
    title: 'Is Active',
    description:
      'The key itself is neither revoked, disabled nor expired. It is refused all the same while its member or its ' +
      'organization is disabled.',
    examples: [true],
  })
  readonly is_active!: boolean;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Last Used At',
    description: 'When the key was last used, some seconds late. Null: never.',
    examples: [EXAMPLE.lastUsedAt],
  })
  readonly last_used_at!: string | null;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When the key ends. Null: never.',
    examples: [EXAMPLE.expiresAt],
  })
  readonly expires_at!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Created At',
    description: 'When the key was created.',
    examples: [EXAMPLE.createdAt],
  })
  readonly created_at!: string;
  @ApiProperty({
    anyOf: [{ $ref: getSchemaPath(KeyCreatorResponse) }, { type: 'null' }],
    title: 'Created By',
    description: 'Who made the key. Null: the key was made by a version that did not record it.',
    examples: [{ type: 'api_key', api_key_id: EXAMPLE.ownerKeyId, user_id: null }],
  })
  readonly created_by!: KeyCreatorResponse | null;
  @ApiProperty({
    type: RecentUsageResponse,
    title: 'Usage 30d',
    description: 'How often the key was used in the last 30 days. Absent where a key is verified.',
    required: false,
  })
  readonly usage_30d?: RecentUsageResponse;
  @ApiProperty({
    anyOf: [{ $ref: getSchemaPath(LastUsedFromResponse) }, { type: 'null' }],
    title: 'Last Used From',
    description: 'Where the key was last used from. Null: never used, or not recorded. Absent where a key is verified.',
    examples: [{ address: EXAMPLE.address, user_agent: EXAMPLE.userAgent }],
    required: false,
  })
  readonly last_used_from?: LastUsedFromResponse | null;
  @ApiProperty({
    ...rateLimitSchema,
    description: 'At most `requests` in any window of `seconds`. If omitted: no limit of its own.',
    required: false,
  })
  readonly rate_limit?: RateLimit;
  @ApiProperty({
    ...quotaSchema,
    description: 'How many requests the key may make in a day or month of UTC. If omitted: no limit of its own.',
    required: false,
  })
  readonly quota?: Quota;
  @ApiProperty({
    ...networksSchema,
    description: 'The addresses and networks (CIDR) from which the key is accepted. If omitted: all addresses.',
    required: false,
  })
  readonly allowed_networks?: readonly string[];
}

/** A key as it is listed. */
@ApiTitledSchema('ApiKeyResponse', '``revoked_at`` is there if revoked keys were asked for.')
export class ApiKeyResponse extends ApiKeyFields {
  @ApiProperty({
    ...nullableDateTime,
    title: 'Revoked At',
    description: 'When the key was revoked. Null: it was not.',
    examples: [EXAMPLE.revokedAt],
    required: false,
  })
  readonly revoked_at?: string | null;
}

/** A key at its creation, the only time its plain text is shown. */
@ApiTitledSchema(
  'ApiKeyCreateResponse',
  'Returned exactly once on creation. ``plain_text_key`` is never persisted\n' +
    'and never returned again — the caller must store it immediately.',
)
export class ApiKeyCreateResponse extends ApiKeyFields {
  @ApiProperty({
    type: 'string',
    title: 'Plain Text Key',
    description: 'The token that clients send in `x-api-key`. It is shown this once.',
    examples: [EXAMPLE.plainText],
  })
  readonly plain_text_key!: string;
}

/** All that is shown of one key. */
@ApiTitledSchema(
  'ApiKeyDetailResponse',
  'After a rotation, ``previous_secret_expires_at`` is when the last of the earlier secrets ends (null if none is ' +
    'valid\n' +
    'any more) and ``previous_secret_last_used_at`` when one of them was last used.',
)
export class ApiKeyDetailResponse extends ApiKeyFields {
  @ApiProperty({
    ...nullableDateTime,
    title: 'Revoked At',
    description: 'When the key was revoked. Null: it was not.',
    examples: [EXAMPLE.revokedAt],
  })
  readonly revoked_at!: string | null;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Previous Secret Expires At',
    description: 'When the last of the earlier secrets ends. Null: none of them is valid any more.',
    examples: [EXAMPLE.graceEndsAt],
  })
  readonly previous_secret_expires_at!: string | null;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Previous Secret Last Used At',
    description: 'When one of the earlier secrets was last used. Null: never, or there is none.',
    examples: [EXAMPLE.lastUsedAt],
  })
  readonly previous_secret_last_used_at!: string | null;
}

/** A key after its rotation, the only time its new plain text is shown. */
@ApiTitledSchema('ApiKeyRotateResponse', 'The key with its new secret. ``plain_text_key`` is never returned again.')
export class ApiKeyRotateResponse extends ApiKeyDetailResponse {
  @ApiProperty({
    type: 'string',
    title: 'Plain Text Key',
    description: 'The token that clients send in `x-api-key`. It is shown this once.',
    examples: [EXAMPLE.plainText],
  })
  readonly plain_text_key!: string;
}

/** The key of the examples, as it is listed. */
export const API_KEY_EXAMPLE = {
  id: EXAMPLE.keyId,
  name: EXAMPLE.name,
  description: EXAMPLE.description,
  labels: EXAMPLE.labels,
  metadata: EXAMPLE.metadata,
  key_prefix: EXAMPLE.keyPrefix,
  scopes: EXAMPLE.scopes,
  unrestricted: false,
  is_active: true,
  last_used_at: EXAMPLE.lastUsedAt,
  expires_at: EXAMPLE.expiresAt,
  created_at: EXAMPLE.createdAt,
  created_by: { type: 'api_key', api_key_id: EXAMPLE.ownerKeyId, user_id: null },
  usage_30d: { accepted: 1042, refused: 3 },
  last_used_from: { address: EXAMPLE.address, user_agent: EXAMPLE.userAgent },
} satisfies ApiKeyResponse;

/** The same at its creation. */
export const NEW_API_KEY_EXAMPLE = {
  ...API_KEY_EXAMPLE,
  last_used_at: null,
  usage_30d: UNUSED,
  last_used_from: null,
} satisfies ApiKeyResponse;

/** The response for a key at this instant, field by field; without its usage where that is not known. */
export function toApiKeyResponse(apiKey: ApiKey, at: Date, usage?: RecentUsage): ApiKeyResponse {
  return {
    id: apiKey.id,
    name: apiKey.name,
    description: apiKey.description,
    labels: apiKey.labels,
    metadata: apiKey.metadata,
    key_prefix: apiKey.keyPrefix,
    scopes: apiKey.grant.scopes,
    unrestricted: apiKey.grant.unrestricted,
    is_active: apiKey.isActive(at),
    last_used_at: formatOptionalInstant(apiKey.lastUsedAt),
    expires_at: formatOptionalInstant(apiKey.expiresAt),
    created_at: formatInstant(apiKey.createdAt),
    created_by: apiKey.createdBy && toKeyCreatorResponse(apiKey.createdBy),
    ...(usage && { usage_30d: usage, last_used_from: toLastUsedFromResponse(apiKey) }),
    ...(apiKey.rateLimit && { rate_limit: apiKey.rateLimit }),
    ...(apiKey.quota && { quota: apiKey.quota }),
    ...(apiKey.allowedNetworks && { allowed_networks: apiKey.allowedNetworks }),
  };
}

function toKeyCreatorResponse({ type, id }: KeyCreator): KeyCreatorResponse {
  return { type, api_key_id: type === 'api_key' ? id : null, user_id: type === 'member' ? id : null };
}

function toLastUsedFromResponse({ lastUsedFrom }: ApiKey): LastUsedFromResponse | null {
  return lastUsedFrom && { address: lastUsedFrom.address, user_agent: lastUsedFrom.userAgent };
}

/** The 201 body of a new key. */
export function toApiKeyCreateResponse(apiKey: ApiKey, token: Token): ApiKeyCreateResponse {
  return Object.assign(toApiKeyResponse(apiKey, apiKey.createdAt, UNUSED), { plain_text_key: token.reveal() });
}

/** The response for a key of a list. */
export function toListedApiKeyResponse(apiKey: ListedApiKey, at: Date): ApiKeyResponse {
  return toApiKeyResponse(apiKey, at, apiKey.usage30d);
}

/** The same in a list that was asked to include revoked keys. */
export function toListedApiKeyResponseOfAny(apiKey: ListedApiKey, at: Date): ApiKeyResponse {
  return toApiKeyResponseOfAny(apiKey, at, apiKey.usage30d);
}

/** The response for a key that may be revoked. */
export function toApiKeyResponseOfAny(apiKey: ApiKey, at: Date, usage: RecentUsage): ApiKeyResponse {
  return Object.assign(toApiKeyResponse(apiKey, at, usage), { revoked_at: formatOptionalInstant(apiKey.revokedAt) });
}

/** The response for one key at this instant. */
export function toApiKeyDetailResponse({ apiKey, secrets, usage30d }: FoundApiKey, at: Date): ApiKeyDetailResponse {
  const previous = secrets.filter(({ validUntil }) => validUntil !== null);
  const valid = previous.filter(({ validUntil }) => validUntil !== null && validUntil > at);
  return Object.assign(toApiKeyResponse(apiKey, at, usage30d), {
    revoked_at: formatOptionalInstant(apiKey.revokedAt),
    previous_secret_expires_at: formatOptionalInstant(latest(valid.map(({ validUntil }) => validUntil))),
    previous_secret_last_used_at: formatOptionalInstant(latest(previous.map(({ lastUsedAt }) => lastUsedAt))),
  });
}

/** The body of a rotated key. */
export function toApiKeyRotateResponse(details: FoundApiKey, token: Token, at: Date): ApiKeyRotateResponse {
  return Object.assign(toApiKeyDetailResponse(details, at), { plain_text_key: token.reveal() });
}

function latest(instants: readonly (Date | null)[]): Date | null {
  const times = instants.flatMap((instant) => (instant === null ? [] : [instant.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
