import { HttpException } from '@nestjs/common';

/** The fields of an {@link ApiError}. */
export interface ApiErrorInit {
  /** The HTTP status. */
  readonly status: number;
  /** The machine-readable name of the error, like `not_found`. */
  readonly error: string;
  /** The message for the client. */
  readonly message: string;
  /** Further headers of the answer. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after which the same request may succeed. Default: the answer does not say. */
  readonly retryAfter?: number;
  /** What caused the error. It is logged if the status is 500 or more, and never sent. Default: nothing. */
  readonly cause?: unknown;
}

/**
 * An answer other than success, with an `ErrorResponse` for its body. It is an `HttpException`, so an application without
 * `ApiErrorFilter` sends the same body, but not the headers.
 *
 * @example
 * ```ts
 * throw new ApiError({ status: 503, error: 'service_unavailable', message: 'Try again soon.', retryAfter: 2 });
 * ```
 */
export class ApiError extends HttpException {
  /** The headers of the answer, beside those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param init - What the answer says. `retryAfter` adds `retryable` and `retry_after` to the body, and the
   *   `Retry-After` header in whole seconds.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 | RFC 9110 section 10.2.3}
   */
  constructor({ status, error, message, headers = {}, retryAfter, cause }: ApiErrorInit) {
    const seconds = retryAfter === undefined ? undefined : Math.max(0, Math.ceil(retryAfter));
    const body = { error, message, ...(seconds === undefined ? {} : { retryable: true, retry_after: seconds }) };
    super(body, status, { cause });
    this.headers = seconds === undefined ? headers : { ...headers, 'Retry-After': String(seconds) };
  }
}

/** An ApiError with the `error` and the fixed message of its status. */
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

/** The `error` and the fixed message of a status. Texts of frameworks may quote the request, these never do. */
export function standardError(status: number): StandardError {
  return BY_STATUS.get(status) ?? (status < 500 ? BAD_REQUEST : INTERNAL_ERROR);
}
