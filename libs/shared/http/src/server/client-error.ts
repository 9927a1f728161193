import { type ErrorAnswer, standardAnswer } from '../errors/error-answer.js';
import { canonicalTarget } from './request-target.js';
import type { RouteTable } from './route-table.js';
import { type ParserError, targetOfUnknownMethod } from './unknown-method.js';

/** The answer to what Node's HTTP parser or its timers report: no request, or none in time, or an unknown method. */
export function clientErrorAnswer(error: ParserError & { code?: string }, routes: RouteTable): ErrorAnswer {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return standardAnswer(408);
  if (error.code === 'HPE_HEADER_OVERFLOW') return standardAnswer(431);
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return standardAnswer(413);
  const target = targetOfUnknownMethod(error);
  if (target === undefined) return standardAnswer(400);
  const methods = routes.methodsOf(canonicalTarget(target));
  return methods.size === 0 ? standardAnswer(404) : methodNotAllowed(methods);
}

/** The answer to a method that a resource does not have (RFC 9110 section 15.5.6). */
export function methodNotAllowed(allowed: Iterable<string>): ErrorAnswer {
  return { ...standardAnswer(405), headers: { Allow: [...allowed].join(', ') } };
}
