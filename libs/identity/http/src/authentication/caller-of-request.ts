import { type Caller, IdentityError } from '@feather-identity/core';
import { refuse } from '../errors/refuse.js';
import type { HeaderResponse } from '../header-response.js';

// A property of Node's request, which Fastify and Express share, under a name that nothing a client sends can spell.
// Not a WeakMap: an entry for every request is work for the garbage collector.
const CALLER = Symbol('feather-identity caller');

interface NodeRequest {
  [CALLER]?: Caller;
}

/** The authenticated caller of a Fastify or Express request; undefined on a public route. */
export function callerOf(request: object): Caller | undefined {
  return nodeRequest(request)[CALLER];
}

/** The authenticated caller. Throws what answers 401 where there is none; its headers are on the response by then. */
export function demandCaller(request: object, response: HeaderResponse): Caller {
  const caller = callerOf(request);
  if (caller === undefined)
    throw refuse(response, new IdentityError('authentication.required', 'No valid API key was provided.'));
  return caller;
}

/** Records who was authenticated. */
export function setCaller(request: object, caller: Caller): void {
  nodeRequest(request)[CALLER] = caller;
}

function nodeRequest(request: object): NodeRequest {
  return 'raw' in request && typeof request.raw === 'object' && request.raw !== null ? request.raw : request;
}
