import { Readable } from 'node:stream';
import { type Caller, IdentityError } from '@feather-identity/core';
import type { Challenge } from '../errors/challenge.js';
import { refuse } from '../errors/refuse.js';
import type { HeaderResponse } from '../header-response.js';

// A property of Node's request, which Fastify and Express share. A symbol, so that no input of a client can name it.
// Not a WeakMap: an entry for every request is work for the garbage collector.
const CALLER = Symbol('feather-identity caller');
const CHALLENGE = Symbol('feather-identity challenge');

interface Called {
  [CALLER]?: Caller | undefined;
  [CHALLENGE]?: Challenge;
}

/**
 * The caller of a Fastify or Express request. Each guarded handler checks what the caller may do; this function does
 * not.
 *
 * @returns undefined if the request was not authenticated, as on a public route
 */
export function getCaller(request: object): Caller | undefined {
  return (nodeRequestOf(request) as Called)[CALLER];
}

/** The authenticated caller. If there is none, throws an error that answers 401, with its headers on the response. */
export function requireCaller(request: object, response: HeaderResponse): Caller {
  const caller = getCaller(request);
  if (caller === undefined) throw refuse(response, notAuthenticated(), challengeOf(request));
  return caller;
}

/** The refusal of a request that was not authenticated. */
export function notAuthenticated(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}

/** Records the caller of a request; undefined if its key is not valid. */
export function setCaller(request: object, caller: Caller | undefined): void {
  (nodeRequestOf(request) as Called)[CALLER] = caller;
}

/** Records what a 401 says to this request, if not the default. */
export function setChallenge(request: object, challenge: Challenge): void {
  (nodeRequestOf(request) as Called)[CHALLENGE] = challenge;
}

/** What a 401 says to this request; undefined for the default. */
export function challengeOf(request: object): Challenge | undefined {
  return (nodeRequestOf(request) as Called)[CHALLENGE];
}

/** Node's request inside Fastify's, or the request itself. */
export function nodeRequestOf(request: object): object {
  return 'raw' in request && typeof request.raw === 'object' && request.raw !== null ? request.raw : request;
}

/**
 * Whether this is a request that gets one response. The request that opened a WebSocket is not: its connection may last for
 * days.
 */
export function isOneExchange(nodeRequest: object): boolean {
  return nodeRequest instanceof Readable && (nodeRequest as { upgrade?: unknown }).upgrade !== true;
}
