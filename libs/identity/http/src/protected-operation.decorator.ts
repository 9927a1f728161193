import { ErrorResponse, HTTPValidationError } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { EXAMPLE } from './openapi-examples.js';
import { RequireScopes } from './authentication/route-access.js';

/** What an operation does, for the OpenAPI document, and who may call it. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Scopes that the key must hold. None: any valid key may call it. */
  readonly scopes?: readonly string[];
  /** The messages of refusals that only some operations have, by status, each with a short name. */
  readonly refusals?: Readonly<Partial<Record<Status, Messages>>>;
}

type Messages = Readonly<Record<string, string>>;
type Status = keyof typeof REFUSALS;

interface Refusal {
  /** As the contract says it. */
  readonly title: string;
  readonly error: string;
  readonly meaning: string;
  readonly messages: Messages;
  readonly headers?: object;
  /** Seconds, as in `retry_after`. */
  readonly retryAfter?: number;
}

/** A header of an answer. */
export const textHeader = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const, examples: [example] },
});

const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds to wait before the next attempt (RFC 9110).',
    schema: { type: 'integer' as const, minimum: 0, examples: [1] },
  },
};

const RATE_LIMIT = {
  RateLimit: textHeader(
    'What is left of the limit (`r`) and the seconds until there is more (`t`), if a limit of requests was reached ' +
      '(draft-ietf-httpapi-ratelimit-headers): that of the `organization`, the rate limit of the `key`, or its `quota`. ' +
      'Answers to a key that has limits say what is left of them, too.',
    '"organization";r=0;t=12',
  ),
  'RateLimit-Policy': textHeader(
    'The limit that was reached: requests (`q`) in a number of seconds (`w`).',
    '"organization";q=600;w=60',
  ),
};

/** Every status of a refusal has one `error`. */
const REFUSALS = {
  400: {
    title: 'Bad request',
    error: 'bad_request',
    meaning: 'the request is malformed, or breaks a rule that its schema does not state.',
    messages: { malformed: 'The request could not be understood.' },
  },
  401: {
    title: 'Authentication required',
    error: 'authentication_required',
    meaning: 'there is no valid key in `x-api-key`. The answer is the same for every reason.',
    messages: { no_valid_key: 'No valid API key was provided. Pass your key in the x-api-key header.' },
    headers: {
      'WWW-Authenticate': textHeader('The scheme of the key (RFC 9110).', 'ApiKey realm="identity"'),
    },
  },
  403: {
    title: 'Permission denied',
    error: 'permission_denied',
    meaning:
      'the key lacks a scope, or would grant more than it has. Or `address_not_allowed`: the key has ' +
      '`allowed_networks`, and the request comes from elsewhere.',
    messages: { scope_missing: 'The API key lacks the scope "orders:read".' },
  },
  404: {
    title: 'Resource not found',
    error: 'not_found',
    meaning: 'the organization of the calling key has no such key.',
    messages: { no_such_key: 'No such API key.' },
  },
  409: {
    title: 'Conflict',
    error: 'conflict',
    meaning:
      'the state of a key or of the organization forbids it. Or `caller_changed`: nothing was done, and the same request ' +
      'may succeed.',
    messages: {},
  },
  413: {
    title: 'Payload too large',
    error: 'payload_too_large',
    meaning: 'the body is larger than 1 MiB.',
    messages: { too_large: 'The request body is too large.' },
  },
  429: {
    title: 'Too many requests',
    error: 'rate_limited',
    meaning: 'the organization, the key or the address has reached a limit.',
    messages: {
      organization_limit: 'The organization has made too many requests. Try again later.',
      key_limit: 'The API key has made too many requests. Try again later.',
      quota: 'The API key has used up its quota. Try again in the next period.',
    },
    headers: { ...RETRY_AFTER, ...RATE_LIMIT },
    retryAfter: 12,
  },
  503: {
    title: 'Service unavailable',
    error: 'service_unavailable',
    meaning: 'the service is too busy, stops, or cannot reach its database. The same request may succeed later.',
    messages: { storage_unavailable: 'The service cannot reach its storage. Try again shortly.' },
    headers: RETRY_AFTER,
    retryAfter: 1,
  },
} satisfies Record<number, Refusal>;

/** The refusals whose `error` is not that of their status. */
const OTHERS: Readonly<Partial<Record<Status, ErrorResponse>>> = {
  403: { error: 'address_not_allowed', message: `This API key is not accepted from ${EXAMPLE.address}.` },
  409: {
    error: 'caller_changed',
    message: 'The calling key was changed while this request was under way. Try again.',
  },
};

/** Refusals that every operation has. */
const ALWAYS: readonly Status[] = [400, 401, 403, 429, 503];

/** Requires a key with the scopes of the operation, and documents the operation with everything that refuses it. */
export function ProtectedOperation(operation: Operation): MethodDecorator {
  return applyDecorators(RequireScopes(...(operation.scopes ?? [])), DocumentedOperation(operation));
}

/**
 * Documents an operation with everything that refuses it.
 *
 * @param meanings - what a status means for this operation, if it is not what it means for those of organizations
 */
export function DocumentedOperation(
  operation: Operation,
  meanings: Readonly<Partial<Record<Status, string>>> = {},
): MethodDecorator {
  const { operationId, summary, description, scopes = [], refusals = {} } = operation;
  const own = Object.keys(refusals).map(Number) as Status[];
  const statuses = new Set<Status>([...ALWAYS, ...own]);
  return applyDecorators(
    ApiOperation({ operationId, summary, description: `${description}\n\n${requiredScopes(scopes)}` }),
    ...[...statuses].map((status) => refusalResponse(status, scopes, refusals[status], meanings[status])),
  );
}

function requiredScopes(scopes: readonly string[]): string {
  if (scopes.length === 0) return 'Required scopes: none. Any valid key may call this.';
  return `Required scopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`;
}

function refusalResponse(
  status: Status,
  scopes: readonly string[],
  own: Messages = {},
  ownMeaning?: string,
): MethodDecorator {
  const { title, error, messages, headers, retryAfter, ...refusal }: Refusal = REFUSALS[status];
  const meaning = ownMeaning ?? refusal.meaning;
  const [scope] = scopes;
  const general =
    status === 403 && scope !== undefined ? { scope_missing: `The API key lacks the scope "${scope}".` } : messages;
  const other = OTHERS[status];
  const retry = retryAfter === undefined ? {} : { retryable: true, retry_after: retryAfter };
  const examples = Object.entries({ ...general, ...own }).map(([name, message]) => [
    name,
    { summary: message, value: { error, message, ...retry } },
  ]);
  return ApiResponse({
    status,
    description: `${title}. \`error\` is \`${error}\`: ${meaning}`,
    type: ErrorResponse,
    examples: Object.fromEntries([
      ...examples,
      ...(other === undefined ? [] : [[other.error, { summary: other.message, value: other }]]),
    ]) as Record<string, { summary: string; value: ErrorResponse }>,
    ...(headers === undefined ? {} : { headers: headers as typeof RETRY_AFTER }),
  });
}

/** Documents the 422 of an operation by an issue that it may have. */
export function Invalid(issue: object): MethodDecorator {
  return ApiResponse({
    status: 422,
    description: 'Validation Error. `detail` has every issue that was found, as FastAPI writes it.',
    type: HTTPValidationError,
    example: { detail: [issue] },
  });
}
