import { Readable } from 'node:stream';
import { type Caller, IdentityError } from '@feather-identity/core';
import { refuse } from '../errors/refuse.js';
import type { HeaderResponse } from '../header-response.js';

// A property of Node's request, which Fastify and Express share, under a name that nothing a client sends can spell.
// Not a WeakMap: an entry for every request is work for the garbage collector.
const CALLER = Symbol('feather-identity caller');

interface Called {
  [CALLER]?: Caller | undefined;
}

/**
 * Who sent a request of Fastify or Express; undefined where nobody asked, as on a public route. It tells who that is, and
 * nothing of what they may do: each handler that is guarded looks at that for itself.
 */
export function getCaller(request: object): Caller | undefined {
  return (nodeRequestOf(request) as Called)[CALLER];
}

/** The authenticated caller. Throws what answers 401 where there is none; its headers are on the response by then. */
export function requireCaller(request: object, response: HeaderResponse): Caller {
  const caller = getCaller(request);
  if (caller === undefined) throw refuse(response, nobody());
  return caller;
}

/** The refusal of a request whose caller is not known. */
export function nobody(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}

/** Records who was authenticated; undefined where the key that came is none. */
export function setCaller(request: object, caller: Caller | undefined): void {
  (nodeRequestOf(request) as Called)[CALLER] = caller;
}

/** Node's request inside Fastify's, or the request itself. */
export function nodeRequestOf(request: object): object {
  return 'raw' in request && typeof request.raw === 'object' && request.raw !== null ? request.raw : request;
}

/**
 * Whether this is one request that gets one answer. The request that opened a WebSocket is not: the connection that came
 * of it may go on for days.
 */
export function isOneExchange(nodeRequest: object): boolean {
  return nodeRequest instanceof Readable && (nodeRequest as { upgrade?: unknown }).upgrade !== true;
}
