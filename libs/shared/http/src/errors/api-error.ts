import { HttpException } from '@nestjs/common';

interface ApiErrorInit {
  readonly status: number;
  readonly error: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/**
 * An answer other than success: HTTP status, machine-readable `error`, a message the client may read, extra headers.
 * `retryAfter` (seconds) adds `retryable`, `retry_after` and the Retry-After header (RFC 9110 section 10.2.3). An
 * HttpException, so that an application with no filter of ours answers it in the same words, but for the headers.
 */
export class ApiError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, error, message, headers = {}, retryAfter, cause }: ApiErrorInit) {
    const seconds = retryAfter === undefined ? undefined : Math.max(0, Math.ceil(retryAfter));
    const body = { error, message, ...(seconds === undefined ? {} : { retryable: true, retry_after: seconds }) };
    super(body, status, { cause });
    this.headers = seconds === undefined ? headers : { ...headers, 'Retry-After': String(seconds) };
  }
}

/** The refusal that has the `error` and the fixed message of its status. */
export function standardApiError(status: number, init: Pick<ApiErrorInit, 'headers' | 'retryAfter'> = {}): ApiError {
  return new ApiError({ status, ...standardError(status), ...init });
}

interface StandardError {
  readonly error: string;
  readonly message: string;
}

const BAD_REQUEST: StandardError = { error: 'bad_request', message: 'The request could not be understood.' };
const INTERNAL_ERROR: StandardError = { error: 'internal_error', message: 'An unexpected error occurred.' };

const BY_STATUS: ReadonlyMap<number, StandardError> = new Map([
  [400, BAD_REQUEST],
  [401, { error: 'authentication_required', message: 'Authentication is required.' }],
  [403, { error: 'permission_denied', message: 'You may not do this.' }],
  [404, { error: 'not_found', message: 'The requested resource was not found.' }],
  [405, { error: 'method_not_allowed', message: 'This resource does not support the method.' }],
  [406, { error: 'not_acceptable', message: 'No acceptable representation exists.' }],
  [408, { error: 'request_timeout', message: 'The request did not arrive in time.' }],
  [409, { error: 'conflict', message: 'The request conflicts with the state of the resource.' }],
  [413, { error: 'payload_too_large', message: 'The request body is too large.' }],
  [414, { error: 'uri_too_long', message: 'The request target is too long.' }],
  [415, { error: 'unsupported_media_type', message: 'The content type is not supported.' }],
  [417, { error: 'expectation_failed', message: 'The expectation cannot be met.' }],
  [429, { error: 'rate_limited', message: 'Too many requests.' }],
  [431, { error: 'request_header_fields_too_large', message: 'The request header fields are too large.' }],
  [500, INTERNAL_ERROR],
  [501, { error: 'not_implemented', message: 'The method is not implemented.' }],
  [502, { error: 'bad_gateway', message: 'An upstream service failed.' }],
  [503, { error: 'service_unavailable', message: 'The service is temporarily unavailable.' }],
  [504, { error: 'gateway_timeout', message: 'An upstream service did not answer in time.' }],
]);

/** The `error` and the fixed message of a status: framework texts may quote the request, these never do. */
export function standardError(status: number): StandardError {
  return BY_STATUS.get(status) ?? (status < 500 ? BAD_REQUEST : INTERNAL_ERROR);
}
