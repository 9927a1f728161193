import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Server } from 'node:http';
import { dropCharset } from '../json/json-type.js';
import { type Connections, refuseInput } from './connections.js';
import type { CrossOrigin } from './cross-origin.js';
import { meetExpectation } from './expectations.js';
import { readForwardedFor } from './forwarded-for.js';
import { answerFrameworkError } from './native-errors.js';
import { hideContentType, keepBodiesRaw, restoreContentType } from './raw-body.js';
import { refuseMalformed } from './request-syntax.js';
import { canonicalTarget, parseQueryString } from './request-target.js';
import type { RouteTable } from './route-table.js';
import { addSecurityHeaders } from './security-headers.js';
import type { ShutdownGate } from './shutdown-gate.js';

/*
 * The life of a request: everything that runs between its first byte and its last log line, in the order in which it
 * runs. Fastify runs the hooks of one kind in the order in which they were added. Those on this page are added when the
 * adapter is created, so an application's own come after them: "Application" shows where, with the hooks of the service.
 * `apps/api/src/pipeline.cases.ts` compares this page with a real request.
 */

/** 1. The events of Node's server. */
export function attachToServer(server: Server, connections: Connections): void {
  // A client has connected: from now on its requests are served one after the other.
  server.on('connection', connections.accept);
  // The head of a request has arrived. Its turn comes when all earlier requests of the connection are answered.
  server.on('request', connections.serveInTurn);
  // The same with an `Expect` header, which Node would answer before anyone has asked who is calling.
  server.on('checkContinue', connections.serveInTurn);
  server.on('checkExpectation', connections.serveInTurn);
  // The client offers another protocol: ignored, unless the application has a listener for it, as WebSocket gateways do.
  server.on('upgrade', connections.ignoreUpgrade);
  // The client asks for a tunnel: 405.
  server.on('connect', connections.refuseTunnel);
}

/** 2. The options of Fastify that run before its hooks. */
export const ROUTING = {
  // Malformed input, or a request that came too late: 400, 408, 413 or 431, unless an earlier answer is still under way.
  clientErrorHandler: refuseInput,
  // The router sees the path as an ASGI server would. Application: rewriteConsoleTarget of identity-http comes next.
  rewriteUrl: ({ url }) => canonicalTarget(url),
  // The router has refused the target: 400.
  frameworkErrors: answerFrameworkError,
  // Python's reading of the query.
  routerOptions: { querystringParser: parseQueryString },
} satisfies FastifyServerOptions;

/**
 * 3. The hooks of Fastify. Nest has added its own before, for CORS, CSRF and versions. Without settings they do nothing.
 *
 * @param pages - Undefined if no page of another origin may use the application: its hooks are not added then.
 */
export function addHooks(
  instance: FastifyInstance,
  gate: ShutdownGate,
  routes: RouteTable,
  pages: CrossOrigin | undefined,
): void {
  // onRoute: the application starts, and a route is added.

  // 405 names the methods that a path has.
  instance.addHook('onRoute', routes.learnRoute);
  // Application, onRoute: refuseUndeclaredRoute of identity-http. A route without scopes or @Public() stops the start.

  // onRequest: the head of a request has arrived, and nothing of its body is read yet.

  // A page of another origin may read whatever the answer will be, refusals too.
  if (pages !== undefined) instance.addHook('onRequest', pages.allowOrigin);
  // 503 during a shutdown, before anything touches a database that is about to close.
  instance.addHook('onRequest', gate.holdOrRefuse);
  // 400 before anything trusts the head.
  instance.addHook('onRequest', refuseMalformed);
  // `X-Forwarded-For` has addresses and nothing else.
  instance.addHook('onRequest', readForwardedFor);
  // 204 to a browser that asks whether such a page may send its request. It asks without a key.
  if (pages !== undefined) instance.addHook('onRequest', pages.answerPreflight);
  // Application, with a tracer provider: traceRequests of identity-http begins a span, which ends with the response.
  // Application, onRequest: runMiddie of Nest. Its middleware comes before authentication.
  // Application, onRequest: assignRequestId of apps/api. Refusals have an id, too.
  // Application, onRequest: refuseOtherOrigins of identity-http, if the console is served.
  // Application, onRequest: authenticateRequest of identity-http. 401, 403 and 429 come before a body is read.
  // Application, onRequest: authenticateOperator of identity-http, the same for the operator API.

  // preParsing and preValidation: the body is about to be read, and has been read.

  // 404 and 405 do not wait for a body. They come after onRequest, where an application may refuse strangers first.
  instance.addHook('preParsing', routes.refuseUnrouted);
  // `100 Continue` only now: a client that was refused above sends no body.
  instance.addHook('preParsing', meetExpectation);
  // Bodies of any content type are read as bytes. The pipe of the handler parses them, if it declares a body.
  instance.addHook('preParsing', hideContentType);
  keepBodiesRaw(instance);
  instance.addHook('preValidation', restoreContentType);

  // Nest's guards, pipes and the handler run here. ApiErrorFilter answers what they, or any hook above, throw.

  // onSend: the answer is about to be sent.

  // During a shutdown each answer is the last one of its connection.
  instance.addHook('onSend', gate.endConnection);
  // JSON says nothing about its charset, like that of FastAPI.
  instance.addHook('onSend', dropCharset);
  // No answer may be cached, or read as another type.
  instance.addHook('onSend', addSecurityHeaders);

  // onResponse: the answer is sent, or its client is gone.

  // Application, onResponse: logRequest of apps/api.
  // Application, onResponse: measureRequest of apps/api, with METRICS=on.
}
