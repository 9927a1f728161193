import { HttpException } from '@nestjs/common';

/** What an ApiError answers with. */
export interface ApiErrorInit {
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
