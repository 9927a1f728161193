import type { ApiKey, CheckedApiKey, CheckFailure } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatOptionalInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableDateTime } from '../openapi-types.js';
import { API_KEY_EXAMPLE, ApiKeyResponse, toApiKeyResponse } from '../api-keys/api-key.response.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';
import { toWhoAmIResponse, WHOAMI_EXAMPLE, WhoAmIResponse } from '../whoami/whoami.response.js';

const REASONS = [
  'not_found',
  'revoked',
  'disabled',
  'expired',
  'rotated',
  'address_not_allowed',
  'insufficient_scope',
] as const satisfies CheckFailure[];

/** What is known of a key. Fields that do not apply are left out. */
@ApiTitledSchema(
  'ApiKeyVerifyResponse',
  '``not_found`` also stands for a key of another organization and for a wrong secret, ``rotated`` for a secret whose\n' +
    'grace period is over, and ``address_not_allowed`` for a key that has ``allowed_networks`` and was shown from\n' +
    'elsewhere, or from an unknown address. With a valid key come its ``caller``, as ``GET whoami`` would answer it, whether it is\n' +
    '``unrestricted`` (no scopes mean nothing is allowed, unless it is), and when it ends by itself (``valid_until``).',
)
export class ApiKeyCheckResponse {
  @ApiProperty({
    type: 'boolean',
    title: 'Valid',
    description: 'Whether the key may make the request.',
    examples: [true],
  })
  readonly valid!: boolean;
  @ApiProperty({
    type: 'string',
    enum: REASONS,
    title: 'Reason',
    description: 'Why the key may not make the request; if `valid` is false.',
    examples: ['insufficient_scope'],
    required: false,
  })
  readonly reason?: CheckFailure;
  @ApiProperty({ type: ApiKeyResponse, description: 'The key, unless the reason is `not_found`.', required: false })
  readonly api_key?: ApiKeyResponse;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Organization Id',
    description: 'The organization to which the key belongs.',
    examples: [EXAMPLE.organizationId],
    required: false,
  })
  readonly organization_id?: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    title: 'Missing Scopes',
    description: 'The required scopes that the key lacks.',
    examples: [['orders:write']],
    required: false,
  })
  readonly missing_scopes?: readonly string[];
  @ApiProperty({ type: WhoAmIResponse, description: 'Who calls with the key, if it is valid.', required: false })
  readonly caller?: WhoAmIResponse;
  @ApiProperty({
    type: 'boolean',
    title: 'Unrestricted',
    description: 'Whether the key may do everything. `false` for a key with `*`: look for `*` in `scopes` too.',
    examples: [false],
    required: false,
  })
  readonly unrestricted?: boolean;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Valid Until',
    description: 'When the key, or this token of it, ends by itself. Null: never.',
    examples: [EXAMPLE.expiresAt],
    required: false,
  })
  readonly valid_until?: string | null;
}

/** A key that may make the request. */
export const VALID_EXAMPLE: ApiKeyCheckResponse = {
  valid: true,
  api_key: API_KEY_EXAMPLE,
  organization_id: EXAMPLE.organizationId,
  caller: WHOAMI_EXAMPLE,
  unrestricted: false,
  valid_until: EXAMPLE.expiresAt,
};

/** A key that lacks a scope. */
export const INVALID_EXAMPLE: ApiKeyCheckResponse = {
  valid: false,
  reason: 'insufficient_scope',
  api_key: API_KEY_EXAMPLE,
  organization_id: EXAMPLE.organizationId,
  missing_scopes: ['orders:write'],
};

/** The answer to the question, field by field. */
export function toApiKeyCheckResponse(checked: CheckedApiKey, at: Date): ApiKeyCheckResponse {
  if (checked.valid) {
    const { caller, validUntil } = checked;
    return {
      valid: true,
      ...known(caller.apiKey, at),
      caller: toWhoAmIResponse(caller),
      unrestricted: caller.apiKey.grant.unrestricted,
      valid_until: formatOptionalInstant(validUntil),
    };
  }
  if (checked.reason === 'not_found') return { valid: false, reason: checked.reason };
  const { reason, apiKey, missingScopes } = checked;
  const missing = missingScopes.length > 0 ? { missing_scopes: missingScopes } : {};
  return { valid: false, reason, ...known(apiKey, at), ...missing };
}

function known(apiKey: ApiKey, at: Date): Pick<ApiKeyCheckResponse, 'api_key' | 'organization_id'> {
  return { api_key: toApiKeyResponse(apiKey, at), organization_id: apiKey.organizationId };
}
