import {
  type ActiveConsoleSession,
  type Caller,
  type OperatorCaller,
  VerifyConsoleSession,
} from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { FastifyApplication } from '../authentication/api-key-authentication.js';
import { isOneExchange, nodeRequestOf } from '../authentication/caller-of-request.js';
import type { GuardedRequest } from '../authentication/guarded-request.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { IdentityModuleOptions } from '../identity.options.js';
import { ConsoleOrigin, cookieOf, isConsoleRequest } from './console-request.js';

/** The session of a request, which is looked for once. */
const LOOKED_UP = Symbol('feather-identity console session');
const SESSION = Symbol('feather-identity found console session');

interface Keeper {
  [LOOKED_UP]?: Promise<ActiveConsoleSession | null>;
  [SESSION]?: ActiveConsoleSession;
}

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What browsers say of requests that no other page has made. */
const OWN_SITE: readonly unknown[] = [undefined, 'same-origin', 'none'];

/** The id of the session of the console that a request came by; undefined if it came by a key or not at all. */
export function getConsoleSessionId(request: object): string | undefined {
  return (nodeRequestOf(request) as Keeper)[SESSION]?.session.id;
}

/**
 * Authenticates requests of the console by the cookie of a session, if they have no key. Elsewhere the cookie means nothing.
 */
@Injectable()
export class ConsoleAuthentication {
  readonly #publicOrigin: ConsoleOrigin | null;

  constructor(
    private readonly verifyConsoleSession: VerifyConsoleSession,
    @Inject(MODULE_OPTIONS_TOKEN) { publicUrl }: IdentityModuleOptions,
  ) {
    this.#publicOrigin = publicUrl === undefined ? null : ConsoleOrigin.of(publicUrl);
  }

  /**
   * Refuses requests of other origins' pages. Call it before `protect` of `ApiKeyAuthentication`, and create the adapter with
   * `rewriteConsoleTarget`.
   */
  protect(app: FastifyApplication): void {
    const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    fastify.addHook('onRequest', this.refuseOtherOrigins);
  }

  /** The session of a request; null without an accepted one. */
  sessionOf(request: GuardedRequest): Promise<ActiveConsoleSession | null> {
    const keeper = nodeRequestOf(request) as Keeper;
    return (keeper[LOOKED_UP] ??= this.find(request, keeper));
  }

  /** The caller that a request's session acts for; null without an accepted session of an organization's key. */
  async callerOf(request: GuardedRequest): Promise<Caller | null> {
    const identity = (await this.sessionOf(request))?.identity;
    return identity?.kind === 'tenant' ? identity.caller : null;
  }

  /** The same for a session of an operator. */
  async operatorOf(request: GuardedRequest): Promise<OperatorCaller | null> {
    const identity = (await this.sessionOf(request))?.identity;
    return identity?.kind === 'operator' ? identity.operator : null;
  }

  /** Where the visitor sees the console; null for a request that does not say. */
  originOf(request: object): ConsoleOrigin | null {
    const { protocol, host } = request as Partial<FastifyRequest>;
    return this.#publicOrigin ?? ConsoleOrigin.of(`${protocol ?? ''}://${host ?? ''}`);
  }

  private async find(request: GuardedRequest, keeper: Keeper): Promise<ActiveConsoleSession | null> {
    // A connection would outlive what happens to the key.
    if (!isConsoleRequest(keeper) || !isOneExchange(keeper)) return null;
    const cookie = this.originOf(request)?.cookie;
    if (!cookie) return null;
    const session = await this.verifyConsoleSession.execute(cookieOf(request.headers['cookie'] as string, cookie.name));
    if (session !== null) keeper[SESSION] = session;
    return session;
  }

  private readonly refuseOtherOrigins: onRequestHookHandler = (request, _reply, done) => {
    if (!isConsoleRequest(request.raw) || this.isOfOwnPage(request)) done();
    else done(otherOrigin());
  };

  private isOfOwnPage(request: FastifyRequest): boolean {
    const { 'sec-fetch-site': site, origin } = request.headers;
    if (!OWN_SITE.includes(site)) return false;
    return SAFE_METHODS.includes(request.method) || (origin !== undefined && origin === this.originOf(request)?.text);
  }
}

function otherOrigin(): ApiError {
  const message =
    'Only pages of the console itself may send this. Its address is PUBLIC_URL of the service, if that is set.';
  return new ApiError({ status: 403, error: 'permission_denied', message });
}
