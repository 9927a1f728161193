import type { components } from './schema.js';

/** Errors with a message and no further fields. */
const PLAIN = [
  'authentication_required',
  'bad_request',
  'conflict',
  'internal_error',
  'not_found',
  'payload_too_large',
  'permission_denied',
] as const satisfies readonly IdentityApiError['error'][];

/** Errors after which a retry may succeed. */
const TEMPORARY = ['rate_limited', 'service_unavailable'] as const;

const DEFAULT_RETRY_AFTER_SECONDS = 1;

/**
 * Why a request failed; switch on `error`. `validation` is a 422 of the API. `unexpected` is any response that does not
 * come from the service, such as an error page of a proxy.
 */
export type IdentityApiError =
  | {
      error:
        | 'authentication_required'
        | 'bad_request'
        | 'conflict'
        | 'internal_error'
        | 'not_found'
        | 'payload_too_large'
        | 'permission_denied';
      message: string;
    }
  | {
      error: 'rate_limited' | 'service_unavailable';
      message: string;
      /** Seconds. */
      retry_after: number;
    }
  | { error: 'validation'; detail: components['schemas']['ValidationError'][] }
  | { error: 'unexpected'; status: number };

/** Reads the error in an answer with this status and body. */
export function readApiError(status: number, body: string): IdentityApiError {
  const { error, message, retry_after: seconds, detail } = fieldsOf(body);
  if (status === 422 && Array.isArray(detail)) {
    return { error: 'validation', detail: detail as components['schemas']['ValidationError'][] };
  }
  if (typeof message === 'string') {
    const plain = PLAIN.find((one) => one === error);
    if (plain !== undefined) return { error: plain, message };
    const temporary = TEMPORARY.find((one) => one === error);
    const retryAfter = typeof seconds === 'number' ? seconds : DEFAULT_RETRY_AFTER_SECONDS;
    if (temporary !== undefined) return { error: temporary, message, retry_after: retryAfter };
  }
  return { error: 'unexpected', status };
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
