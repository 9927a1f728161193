import { type ErrorAnswer, standardAnswer } from '../errors/error-answer.js';

/** The answer to what Node's HTTP parser or its timers report: malformed input, or a request that came too late. */
export function clientErrorAnswer(error: Error & { code?: string }): ErrorAnswer {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return standardAnswer(408);
  if (error.code === 'HPE_HEADER_OVERFLOW') return standardAnswer(431);
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return standardAnswer(413);
  return standardAnswer(400);
}

/** The answer to a method that a resource does not have (RFC 9110 section 15.5.6). */
export function methodNotAllowed(allowed: Iterable<string>): ErrorAnswer {
  return { ...standardAnswer(405), headers: { Allow: [...allowed].join(', ') } };
}
