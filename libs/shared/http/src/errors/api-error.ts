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
 * `retryAfter` (seconds) adds `retryable`, `retry_after` and the Retry-After header (RFC 9110 section 10.2.3).
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfter: number | undefined;

  constructor(init: ApiErrorInit) {
    super(init.message, { cause: init.cause });
    this.status = init.status;
    this.error = init.error;
    this.headers = init.headers ?? {};
    this.retryAfter = init.retryAfter;
  }
}
