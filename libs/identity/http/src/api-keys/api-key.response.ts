import type { ApiKey, Token } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { nullableDateTime } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** A key as it is listed: nothing that verifies its secret. */
@ApiTitledSchema('ApiKeyResponse')
export class ApiKeyResponse {
  @ApiProperty({ type: 'string', format: 'uuid', title: 'Id' })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name' })
  readonly name!: string;
  @ApiProperty({ type: 'string', title: 'Key Prefix' })
  readonly key_prefix!: string;
  @ApiProperty({ type: 'array', items: { type: 'string' }, title: 'Scopes' })
  readonly scopes!: readonly string[];
  @ApiProperty({ type: 'boolean', title: 'Is Active' })
  readonly is_active!: boolean;
  @ApiProperty({ ...nullableDateTime, title: 'Last Used At' })
  readonly last_used_at!: string | null;
  @ApiProperty({ ...nullableDateTime, title: 'Expires At' })
  readonly expires_at!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', title: 'Created At' })
  readonly created_at!: string;
}

/** A key at its creation, the only time its plain text is shown. */
@ApiTitledSchema(
  'ApiKeyCreateResponse',
  'Returned exactly once on creation. ``plain_text_key`` is never persisted\n' +
    'and never returned again — the caller must store it immediately.',
)
export class ApiKeyCreateResponse extends ApiKeyResponse {
  @ApiProperty({ type: 'string', title: 'Plain Text Key' })
  readonly plain_text_key!: string;
}

/** The response for a key at this instant, field by field. */
export function toApiKeyResponse(apiKey: ApiKey, at: Date): ApiKeyResponse {
  return {
    id: apiKey.id,
    name: apiKey.name,
    key_prefix: apiKey.keyPrefix,
    scopes: apiKey.grant.scopes,
    is_active: apiKey.isActive(at),
    last_used_at: apiKey.lastUsedAt && formatInstant(apiKey.lastUsedAt),
    expires_at: apiKey.expiresAt && formatInstant(apiKey.expiresAt),
    created_at: formatInstant(apiKey.createdAt),
  };
}

/** The 201 body of a new key. */
export function toApiKeyCreateResponse(apiKey: ApiKey, token: Token): ApiKeyCreateResponse {
  return Object.assign(toApiKeyResponse(apiKey, apiKey.createdAt), { plain_text_key: token.reveal() });
}
