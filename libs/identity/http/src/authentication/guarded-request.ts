import type { ExecutionContext } from '@nestjs/common';
import type { ClientRequest } from '../client-request.js';

/** The parts of a request that authentication needs: a request of Fastify, Express or Node, or a connection's handshake. */
export interface GuardedRequest extends ClientRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** All lines of the header, names and values in turn, as Node has them. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** What Fastify calls the request. */
  readonly id?: unknown;
}

/** The id of a request, as the audit log records it; null on Express. */
export function requestIdOf({ id }: Pick<GuardedRequest, 'id'>): string | null {
  return typeof id === 'string' ? id : null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The request that a handler is called for: of HTTP; of a GraphQL operation of Apollo or Mercurius, by HTTP or graphql-ws;
 * of a message of socket.io or ws. Throws for any other transport.
 */
export function requestOf(context: ExecutionContext): GuardedRequest {
  const type = context.getType<string>();
  if (type === 'http') {
    const request = context.switchToHttp().getRequest<unknown>();
    if (isRequest(request)) return request;
  }
  if (type === 'graphql') return requestOfOperation(context.getArgs<unknown[]>()[argumentOfInfo(context) - 1]);
  if (type === 'ws') return handshakeOf(context.switchToWs().getClient<Fields>());
  throw new Error(
    `ApiKeyGuard finds no API key in what comes by "${type}": mark the handler @Public() and guard it otherwise, or ` +
      'extend ApiKeyGuard and override getRequest().',
  );
}

/** The index of a GraphQL resolver's `info` argument, which is made for this one call; -1 if there is none. */
export function argumentOfInfo(context: ExecutionContext): number {
  return context.getArgs<unknown[]>().findLastIndex((argument) => isFields(argument) && 'fieldNodes' in argument);
}

function requestOfOperation(context: unknown): GuardedRequest {
  if (isFields(context)) {
    const { reply, req, request } = context;
    // First `reply`, which Mercurius sets for each request: a context object that requests share may have another one's `req`.
    for (const found of [isFields(reply) ? reply['request'] : undefined, req, request, context]) {
      if (!isFields(found)) continue;
      const { extra } = found;
      // graphql-ws passes this instead of a request.
      if (isFields(extra) && isRequest(extra['request'])) return handshake(extra['request'], found['connectionParams']);
      const brought = context['connectionParams'] ?? context['_connectionInit'];
      if (isRequest(found)) return brought === undefined ? found : handshake(found, brought);
    }
  }
  throw new Error(
    'The context of this GraphQL operation has no request: let it have `req`, or extend ApiKeyGuard and override getRequest().',
  );
}

function handshakeOf(client: Fields): GuardedRequest {
  // `handshake` is socket.io's. `request` is set by the gateway for ws, which keeps no request itself.
  const { handshake: shaken, request } = client;
  if (isRequest(shaken)) {
    const { address, auth } = shaken as GuardedRequest & { readonly address?: string; readonly auth?: unknown };
    const rawHeaders = isRequest(request) ? request.rawHeaders : undefined;
    return handshake({ headers: shaken.headers, rawHeaders, ip: address }, auth);
  }
  if (isRequest(request)) return handshake(request, undefined);
  throw new Error(
    'This WebSocket has lost the request that opened it: let the gateway keep it, handleConnection(client, request) ' +
      '{ client.request = request; }, or extend ApiKeyGuard and override getRequest().',
  );
}

/**
 * The request that opened a connection. Browsers set no headers on a WebSocket, so the key may also be in what the client
 * sent first, in an entry named like the header. Two different values of one name stay two.
 */
function handshake({ headers, rawHeaders, ip, socket }: GuardedRequest, brought: unknown): GuardedRequest {
  const more = isFields(brought) ? [brought, brought['headers']].filter(isFields) : [];
  const found = new Map<string, string[]>();
  for (const [name, value] of [headers, ...more].flatMap(Object.entries<unknown>)) {
    const known = found.get(name.toLowerCase()) ?? [];
    const added = [value].flat().map((each) => (typeof each === 'string' ? each : ''));
    found.set(name.toLowerCase(), [...new Set([...known, ...added])]);
  }
  const merged = [...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
  return { headers: Object.fromEntries(merged), rawHeaders, ip, socket };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isRequest(value: unknown): value is GuardedRequest {
  return isFields(value) && isFields(value['headers']);
}
