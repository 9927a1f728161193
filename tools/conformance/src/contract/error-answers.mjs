/** The `error` of each status that a client may get. */
export const ERROR_CODES = {
  400: 'bad_request',
  401: 'authentication_required',
  403: 'permission_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'payload_too_large',
  417: 'expectation_failed',
  429: 'rate_limited',
  431: 'request_header_fields_too_large',
  503: 'service_unavailable',
};

const RETRYABLE = new Set([429, 503]);

/** Why an answer is no ErrorResponse of this status, or null. */
export function errorFault({ status, headers, body }, wanted) {
  if (status !== wanted) return `status ${status} instead of ${wanted}`;
  if (headers['content-type'] !== 'application/json') return `an error as ${headers['content-type']}`;
  if (typeof body?.message !== 'string' || body.message === '') return 'an error without a message';
  if (body.error !== ERROR_CODES[wanted])
    return `error ${JSON.stringify(body.error)} instead of ${ERROR_CODES[wanted]}`;
  const fields = RETRYABLE.has(status) ? 'error,message,retryable,retry_after' : 'error,message';
  return Object.keys(body).join() === fields ? null : `an ErrorResponse with the fields ${Object.keys(body).join()}`;
}

/** Why an answer is no HTTPValidationError, or null. */
export function validationErrorFault({ status, headers, body }) {
  if (status !== 422) return `status ${status} instead of 422`;
  if (headers['content-type'] !== 'application/json') return `a validation error as ${headers['content-type']}`;
  if (!Array.isArray(body?.detail) || body.detail.length === 0) return 'a validation error without details';
  return body.detail.every(isDetail) ? null : 'a detail of another shape';
}

/** Without `input` where the body is a secret. */
function isDetail(detail) {
  if (!/^type,loc,msg(,input)?(,ctx)?$/.test(Object.keys(detail ?? {}).join())) return false;
  const place = (part) => typeof part === 'string' || Number.isInteger(part);
  if (!Array.isArray(detail.loc) || detail.loc.length === 0) return false;
  return typeof detail.type === 'string' && typeof detail.msg === 'string' && detail.loc.every(place);
}
