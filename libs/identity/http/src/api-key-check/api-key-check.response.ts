import type { CheckedApiKey, CheckFailure } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { ApiKeyResponse, toApiKeyResponse } from '../api-keys/api-key.response.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

const REASONS = [
  'not_found',
  'revoked',
  'disabled',
  'expired',
  'rotated',
  'insufficient_scope',
] as const satisfies CheckFailure[];

/** What is known of a key; only what applies is there. */
@ApiTitledSchema(
  'ApiKeyVerifyResponse',
  '``not_found`` also stands for a key of another organization and for a wrong secret, ``rotated`` for a secret whose\n' +
    'grace period is over.',
)
export class ApiKeyCheckResponse {
  @ApiProperty({ type: 'boolean', title: 'Valid' })
  readonly valid!: boolean;
  @ApiProperty({ type: 'string', enum: REASONS, title: 'Reason', required: false })
  readonly reason?: CheckFailure;
  @ApiProperty({ type: ApiKeyResponse, required: false })
  readonly api_key?: ApiKeyResponse;
  @ApiProperty({ type: 'string', format: 'uuid', title: 'Organization Id', required: false })
  readonly organization_id?: string;
  @ApiProperty({ type: 'array', items: { type: 'string' }, title: 'Missing Scopes', required: false })
  readonly missing_scopes?: readonly string[];
}

/** The answer to the question, field by field. */
export function toApiKeyCheckResponse(checked: CheckedApiKey, at: Date): ApiKeyCheckResponse {
  if (!checked.valid && checked.reason === 'not_found') return { valid: false, reason: checked.reason };
  const { apiKey } = checked;
  const known = { api_key: toApiKeyResponse(apiKey, at), organization_id: apiKey.organizationId };
  if (checked.valid) return { valid: true, ...known };
  const { reason, missingScopes } = checked;
  return { valid: false, reason, ...known, ...(missingScopes.length > 0 ? { missing_scopes: missingScopes } : {}) };
}
