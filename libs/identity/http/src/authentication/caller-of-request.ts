import type { Caller } from '@feather-identity/core';

// Keyed by Node's request, which Fastify and Express share, and out of reach of whatever a client sends.
const callers = new WeakMap<object, Caller>();

/** The authenticated caller of a Fastify or Express request; undefined on a public route. */
export function callerOf(request: object): Caller | undefined {
  return callers.get(nodeRequest(request));
}

/** Records who was authenticated. */
export function setCaller(request: object, caller: Caller): void {
  callers.set(nodeRequest(request), caller);
}

function nodeRequest(request: object): object {
  return 'raw' in request && typeof request.raw === 'object' && request.raw !== null ? request.raw : request;
}
