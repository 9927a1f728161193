import { ErrorResponse, HTTPValidationError } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiParam, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_MANAGE, API_KEYS_READ } from '../scopes.js';
import { ApiKeyCreateRequest } from './api-key-create.request.js';
import { ApiKeyRotateRequest } from './api-key-rotate.request.js';
import {
  ApiKeyCreateResponse,
  ApiKeyDetailResponse,
  ApiKeyResponse,
  ApiKeyRotateResponse,
} from './api-key.response.js';
import { IGNORED_FIELDS } from './ignored-fields.js';
import { ApiKeyUpdateRequest } from './api-key-update.request.js';
import { ListApiKeysParameters } from './list-api-keys.query.js';

const INVALID = { status: 422, description: 'Validation Error', type: HTTPValidationError };
const CONFLICT = { status: 409, description: 'Conflict', type: ErrorResponse };
const TOO_LARGE = { status: 413, description: 'Payload too large', type: ErrorResponse };

const GROWTH =
  "Whatever lets the key do more than before needs a caller who holds all that the key then has: its scopes, and an end no later than the caller's own.";

const IGNORED = {
  [IGNORED_FIELDS]: {
    description: 'The names of what was sent and not understood: at most 10 of them, and the number of all others.',
    schema: { type: 'string' as const },
  },
};

/** Needs `api_keys:manage`. */
export function CreateOperation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'createApiKey',
      summary: 'Create an API key. The plain-text key is returned exactly once.',
    }),
    ApiBody({ type: ApiKeyCreateRequest }),
    ApiResponse({ status: 201, description: 'Successful Response', type: ApiKeyCreateResponse, headers: IGNORED }),
    ApiResponse(CONFLICT),
    ApiResponse(TOO_LARGE),
    ApiResponse(INVALID),
    ProtectedOperation(API_KEYS_MANAGE),
  );
}

/** Needs `api_keys:read`. */
export function ListOperation(): MethodDecorator {
  const items = { $ref: getSchemaPath(ApiKeyResponse) };
  return applyDecorators(
    ApiExtraModels(ApiKeyResponse),
    ApiOperation({
      operationId: 'listApiKeys',
      summary: 'List API keys for the current organization',
      description: 'Newest first. Where there are more, the `Link` header (RFC 8288) leads to the next page.',
    }),
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      schema: { type: 'array', items, title: 'Response Listapikeys' },
      headers: { ...IGNORED, Link: { description: 'The next page, `rel="next"`.', schema: { type: 'string' } } },
    }),
    ListApiKeysParameters(),
    ApiResponse(INVALID),
    ProtectedOperation(API_KEYS_READ),
  );
}

/** Needs `api_keys:read`. */
export function FindOperation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'getApiKey', summary: 'Get an API key, revoked or not' }),
    OneKey(),
    ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeyDetailResponse }),
    ProtectedOperation(API_KEYS_READ),
  );
}

/** Needs `api_keys:manage`. */
export function UpdateOperation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'updateApiKey',
      summary: 'Rename, re-scope, disable or enable an API key, or move its end',
      description: `${GROWTH} Empty scopes are those of an unrestricted key, and of no other.`,
    }),
    OneKey(),
    ApiBody({ type: ApiKeyUpdateRequest }),
    ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeyDetailResponse }),
    ApiResponse(CONFLICT),
    ApiResponse(TOO_LARGE),
    ProtectedOperation(API_KEYS_MANAGE),
  );
}

/** Needs `api_keys:manage`. */
export function RotateOperation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'rotateApiKey',
      summary: 'Give an API key a new secret. The plain-text key is returned exactly once.',
      description: 'Earlier secrets stay valid for the grace period, and none of them longer than it was. ' + GROWTH,
    }),
    OneKey(),
    ApiBody({ type: ApiKeyRotateRequest, required: false }),
    ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeyRotateResponse }),
    ApiResponse(CONFLICT),
    ApiResponse(TOO_LARGE),
    ProtectedOperation(API_KEYS_MANAGE),
  );
}

/** Needs `api_keys:manage`. */
export function RevokeOperation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke an API key' }),
    OneKey(),
    ApiResponse({ status: 204, description: 'Successful Response' }),
    ProtectedOperation(API_KEYS_MANAGE),
  );
}

function OneKey(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'key_id', schema: { type: 'string', format: 'uuid', title: 'Key Id' } }),
    ApiResponse({ status: 404, description: 'Resource not found', type: ErrorResponse }),
    ApiResponse(INVALID),
  );
}
