import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { EXAMPLE } from '../openapi-examples.js';
import { InvalidLimit } from '../page.query.js';
import { Invalid, ProtectedOperation, textHeader } from '../protected-operation.decorator.js';
import { API_KEYS_MANAGE, API_KEYS_READ } from '../scopes.js';
import { ApiKeyCreateRequest } from './api-key-create.request.js';
import { ApiKeyRotateRequest } from './api-key-rotate.request.js';
import {
  API_KEY_EXAMPLE,
  NEW_API_KEY_EXAMPLE,
  ApiKeyCreateResponse,
  ApiKeyDetailResponse,
  ApiKeyResponse,
  ApiKeyRotateResponse,
} from './api-key.response.js';
import { IGNORED_FIELDS } from './ignored-fields.js';
import { ApiKeyUpdateRequest } from './api-key-update.request.js';
import { ListApiKeysParameters } from './list-api-keys.query.js';
import { LIVING_DESCENDANTS } from './living-descendants.js';
import { RevokeApiKeyParameters } from './revoke-api-key.query.js';

const GROWTH =
  'A change that lets the key do more, or live longer, needs a caller that has everything the key has afterwards: ' +
  'its ' +
  "scopes, an end no later than the caller's own, and limits and networks within the caller's.";

const IGNORED = {
  [IGNORED_FIELDS]: textHeader(
    'The names of the ignored fields and parameters: at most 10, and the number of the others.',
    'scope, +2',
  ),
};

const BROKEN_RULES = {
  scope_invalid:
    'scopes[0] has no ":". A scope is resource:action, resource:* or *, of letters, digits, "_", "." and "-".',
  scope_unknown: 'scopes[0] is not in the catalogue of scopes. Did you mean "orders:read"?',
  expiry_in_past: 'expires_at must lie in the future.',
  networks_invalid: 'allowed_networks[0] is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/32.',
  policy_violated: "The organization's policy allows keys to live for at most 90 days.",
  label_repeated: 'labels[1] is there twice.',
  metadata_too_large: 'metadata takes at most 4096 bytes as JSON. This is 5120 bytes.',
};

const GROWTH_REFUSED = {
  scope_not_held: 'The calling key does not hold the scope "orders:write".',
  outlives_caller: 'A key must not outlive the key that creates or changes it.',
  limit_exceeds_caller: 'The rate_limit of a key must not exceed that of the key that creates or changes it.',
  network_not_held:
    'A key must not be accepted from addresses from which the key that creates or changes it is refused.',
};

const LOCKS_OUT = {
  locks_out:
    'This key would be refused from your address 203.0.113.7. Repeat the change with "confirm": true if you mean it.',
};

const ENVIRONMENT_NOT_HELD = { environment_not_held: 'A key makes keys of its own environment only.' };

const LIMIT_REACHED = { limit_reached: 'The organization has as many API keys as it may: revoke one first.' };

/** Needs `api_keys:manage`. */
export function CreateOperation(): MethodDecorator {
  const { plainText: plain_text_key } = EXAMPLE;
  return applyDecorators(
    ProtectedOperation({
      operationId: 'createApiKey',
      summary: 'Create an API key. The plain-text key is returned exactly once.',
      description:
        'Creates a key of the organization of the calling key. It can do no more than the calling key, live no ' +
        'longer, ' +
        'and has its limits and networks or narrower ones. Fields that the service does not know are ignored, and ' +
        'named in `X-Ignored-Fields`.',
      scopes: [API_KEYS_MANAGE],
      refusals: { 400: BROKEN_RULES, 403: { ...GROWTH_REFUSED, ...ENVIRONMENT_NOT_HELD }, 409: LIMIT_REACHED, 413: {} },
    }),
    ApiBody({
      type: ApiKeyCreateRequest,
      examples: {
        some_scopes: {
          summary: 'A key with two scopes, which ends',
          value: { name: EXAMPLE.name, scopes: EXAMPLE.scopes, expires_at: EXAMPLE.expiresAt },
        },
        limited: {
          summary: 'A key for one network, with at most 100 requests a minute and 100,000 a month',
          value: {
            name: EXAMPLE.name,
            scopes: EXAMPLE.permissions,
            rate_limit: { requests: 100, seconds: 60 },
            quota: { requests: 100_000, period: 'month' },
            allowed_networks: ['203.0.113.0/24'],
          },
        },
        with_notes: {
          summary: 'A key that says what it is for',
          value: {
            name: EXAMPLE.name,
            scopes: EXAMPLE.scopes,
            description: EXAMPLE.description,
            labels: EXAMPLE.labels,
            metadata: EXAMPLE.metadata,
          },
        },
        as_the_caller: { summary: 'A key with the scopes of the calling key', value: { name: 'deploy' } },
      },
    }),
    ApiResponse({
      status: 201,
      description: 'Successful Response',
      type: ApiKeyCreateResponse,
      example: { ...NEW_API_KEY_EXAMPLE, plain_text_key } satisfies ApiKeyCreateResponse,
      headers: IGNORED,
    }),
    Invalid({
      type: 'string_too_short',
      loc: ['body', 'name'],
      msg: 'String should have at least 1 character',
      input: '',
      ctx: { min_length: 1 },
    }),
  );
}

/** Needs `api_keys:read`. */
export function ListOperation(): MethodDecorator {
  const items = { $ref: getSchemaPath(ApiKeyResponse) };
  return applyDecorators(
    ApiExtraModels(ApiKeyResponse),
    ProtectedOperation({
      operationId: 'listApiKeys',
      summary: 'List API keys for the current organization',
      description:
        'Newest first, or by `sort`. Where there are more, the `Link` header (RFC 8288) leads to the next page. A ' +
        'page of a ' +
        'search looks at a bounded number of keys: it may have fewer than `limit`, even none, though others follow. ' +
        'Parameters that the service does not know are ignored, and named in `X-Ignored-Fields`.',
      scopes: [API_KEYS_READ],
      refusals: {
        400: { cursor_invalid: 'cursor must be one that this list has returned.' },
      },
    }),
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      content: {
        'application/json': {
          schema: { type: 'array', items, title: 'Response Listapikeys' },
          example: [API_KEY_EXAMPLE] satisfies ApiKeyResponse[],
        },
      },
      headers: {
        ...IGNORED,
        Link: textHeader(
          'The next page, `rel="next"`; absent on the last one.',
          `</v1/identity/api-keys?limit=1&cursor=${EXAMPLE.cursor}>; rel="next"`,
        ),
      },
    }),
    ListApiKeysParameters(),
    InvalidLimit(1000),
  );
}

/** Needs `api_keys:read`. */
export function FindOperation(): MethodDecorator {
  return applyDecorators(
    ProtectedOperation({
      operationId: 'getApiKey',
      summary: 'Get an API key, revoked or not',
      description: 'Shows one key of the organization, with what remains of earlier secrets after a rotation.',
      scopes: [API_KEYS_READ],
      refusals: { 404: {} },
    }),
    OneKey(),
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      type: ApiKeyDetailResponse,
      example: DETAILS,
    }),
  );
}

/** Needs `api_keys:manage`. */
export function UpdateOperation(): MethodDecorator {
  return applyDecorators(
    ProtectedOperation({
      operationId: 'updateApiKey',
      summary: 'Rename, re-scope, disable or enable an API key, or move its end',
      description: `Omitted fields stay unchanged. ${GROWTH} Only an unrestricted key may be given empty scopes.`,
      scopes: [API_KEYS_MANAGE],
      refusals: { 400: BROKEN_RULES, 403: GROWTH_REFUSED, 404: {}, 409: { ...LIMIT_REACHED, ...LOCKS_OUT }, 413: {} },
    }),
    OneKey(),
    ApiBody({
      type: ApiKeyUpdateRequest,
      examples: {
        fewer_scopes: {
          summary: 'Another name and fewer scopes',
          value: { name: EXAMPLE.name, scopes: EXAMPLE.permissions },
        },
        other_limits: {
          summary: 'Another rate limit, and no quota and no networks any more',
          value: { rate_limit: { requests: 10, seconds: 1 }, quota: null, allowed_networks: null },
        },
        disable: { summary: 'Disable the key', value: { is_active: false } },
        enable: { summary: 'Enable it again', value: { is_active: true } },
        no_end: { summary: 'Let the key live on', value: { expires_at: null } },
        notes: {
          summary: 'Other labels, and no description',
          value: { labels: EXAMPLE.labels, description: null },
        },
      },
    }),
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      type: ApiKeyDetailResponse,
      example: DETAILS,
    }),
  );
}

/** Needs `api_keys:manage`. */
export function RotateOperation(): MethodDecorator {
  return applyDecorators(
    ProtectedOperation({
      operationId: 'rotateApiKey',
      summary: 'Give an API key a new secret. The plain-text key is returned exactly once.',
      description:
        'Earlier secrets stay valid for the grace period, and none of them longer than before. Without a body ' +
        'they end ' +
        "at once. The caller must have everything the key has: its scopes, an end no later than the caller's own, and " +
        "limits and networks within the caller's.",
      scopes: [API_KEYS_MANAGE],
      refusals: {
        403: { ...GROWTH_REFUSED, ...ENVIRONMENT_NOT_HELD },
        404: {},
        409: {
          key_disabled: 'The API key is disabled. Enable it first: its new token would be refused.',
          key_expired: 'The API key has expired. Give it a later expires_at first: its new token would be refused.',
          too_many_secrets:
            'The key has 10 valid secrets already: wait for a grace period to end, or rotate without one.',
        },
        413: {},
      },
    }),
    OneKey(),
    ApiBody({
      type: ApiKeyRotateRequest,
      required: false,
      examples: {
        one_day: { summary: 'Earlier secrets stay valid for a day', value: { grace_period_seconds: 86_400 } },
        at_once: { summary: 'Earlier secrets end at once', value: {} },
      },
    }),
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      type: ApiKeyRotateResponse,
      example: {
        ...DETAILS,
        previous_secret_expires_at: EXAMPLE.graceEndsAt,
        previous_secret_last_used_at: EXAMPLE.lastUsedAt,
        plain_text_key: EXAMPLE.plainText,
      } satisfies ApiKeyRotateResponse,
    }),
  );
}

/** Needs `api_keys:manage`. */
export function RevokeOperation(): MethodDecorator {
  return applyDecorators(
    ProtectedOperation({
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key',
      description:
        'The key is refused from the next request on, and stays revoked. Revoking it again is 404. The keys that ' +
        'it has created stay valid, and `X-Living-Descendants` counts them; with `cascade=true`, or if the policy ' +
        'has ' +
        '`revoke_descendants`, they are revoked with it, all or none, and each has its event in the audit log. ' +
        'Parameters that the service does not know are ignored, and named in `X-Ignored-Fields`.',
      scopes: [API_KEYS_MANAGE],
      refusals: { 404: {} },
    }),
    OneKey(),
    RevokeApiKeyParameters(),
    RevokedResponse(IGNORED),
  );
}

/** Documents the answer to a revocation. */
export function RevokedResponse(headers = {}): MethodDecorator {
  return ApiResponse({
    status: 204,
    description: 'Successful Response',
    headers: {
      ...headers,
      [LIVING_DESCENDANTS]: textHeader(
        'How many descendants of the revoked key are neither revoked nor expired: keys that it created, and keys ' +
          'that those created. Absent if there are none. At most 10,000 are looked at; if there are more, a `+` ' +
          'follows.',
        '3',
      ),
    },
  });
}

const DETAILS = {
  ...API_KEY_EXAMPLE,
  revoked_at: null,
  previous_secret_expires_at: null,
  previous_secret_last_used_at: null,
} satisfies ApiKeyDetailResponse;

function OneKey(): MethodDecorator {
  return applyDecorators(
    ApiParam({
      name: 'key_id',
      description: 'The `id` of the key.',
      schema: { type: 'string', format: 'uuid', title: 'Key Id', examples: [EXAMPLE.keyId] },
    }),
    Invalid({
      type: 'uuid_parsing',
      loc: ['path', 'key_id'],
      msg: 'Input should be a valid UUID, invalid length: expected length 32 for simple format, found 3',
      input: '123',
      ctx: { error: 'invalid length: expected length 32 for simple format, found 3' },
    }),
  );
}
