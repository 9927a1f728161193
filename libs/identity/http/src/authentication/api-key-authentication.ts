import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiKeyVerifier,
  type Caller,
  Clock,
  assertScopes,
  IdentityError,
  VerificationMetrics,
} from '@feather-identity/core';
import { type ExecutionContext, type INestApplication, Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { addressOf, hasClientGone } from '../client-request.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { AuthenticationLimits } from '../identity.options.js';
import type { HeaderResponse, NodeResponse } from '../header-response.js';
import { refuse } from '../errors/refuse.js';
import { getCaller, isOneExchange, nodeRequestOf, setCaller } from './caller-of-request.js';
import { FailureThrottle } from './failure-throttle.js';
import { type GuardedRequest, KEY_HEADER } from './guarded-request.js';
import { HandlerCall } from './handler-call.js';
import { OrganizationRateLimit } from './organization-rate-limit.js';
import { accessOf } from './route-access.js';

/**
 * When a wrong key is refused, in milliseconds after it came: more than a look-up and an HMAC take, and random, since a
 * timer alone lets a tenth of a millisecond of the work show. An unknown public part and one whose secret is wrong must
 * not be told apart by the time of their answers.
 */
const REFUSAL_MS = { least: 5, most: 25 };

/** What is known of a request: who sent it, by this very key, or why nobody did. */
interface Authentication {
  readonly plainText: string;
  readonly caller: Promise<Caller>;
}

/** What an authentication is remembered on. */
type Remembering = Record<symbol, Authentication | undefined>;

/**
 * A `NestFastifyApplication`, told by what no other application has. Its own type would make `@nestjs/platform-fastify` a
 * part of what applications on Express compile.
 */
export interface FastifyApplication extends INestApplication {
  register(...plugin: never[]): unknown;
}

/** Authenticates requests by the `x-api-key` header, and by nothing else. */
@Injectable()
export class ApiKeyAuthentication {
  readonly #throttle: FailureThrottle | undefined;
  readonly #rateLimit: OrganizationRateLimit | undefined;
  /** Where a request keeps what is known of it here: what another instance knows, it has asked somebody else. */
  readonly #known = Symbol('feather-identity authentication');
  #isProtecting = false;

  constructor(
    private readonly verifier: ApiKeyVerifier,
    metrics: VerificationMetrics,
    clock: Clock,
    @Inject(MODULE_OPTIONS_TOKEN) { failuresPerMinute, requestsPerMinute }: AuthenticationLimits,
  ) {
    if (failuresPerMinute !== undefined) this.#throttle = new FailureThrottle(failuresPerMinute, metrics);
    if (requestsPerMinute !== undefined) this.#rateLimit = new OrganizationRateLimit(requestsPerMinute, clock, metrics);
  }

  /**
   * Lets a request go on whose key holds these scopes; no request at all to a route that declares none. Otherwise rejects
   * with what answers it in any application (401, 403, or 429 where an address failed, or an organization asked, too
   * often); the headers of that answer are on the response by then. Asked again about the same request and key, it looks
   * at the scopes again, but neither verifies the key again nor counts the request again.
   */
  async admit(
    request: GuardedRequest,
    response: HeaderResponse | NodeResponse,
    scopes: readonly string[] | undefined,
  ): Promise<void> {
    try {
      assertOpen(await this.identify(request, nodeRequestOf(request)), scopes);
    } catch (error) {
      throw refuse(response, error);
    }
  }

  /** The same for a handler that is called for a message or a GraphQL field. Rejects without a thought of its transport. */
  async admitCall(
    request: GuardedRequest,
    context: ExecutionContext,
    scopes: readonly string[] | undefined,
  ): Promise<void> {
    const call = HandlerCall.of(context);
    const nodeRequest = nodeRequestOf(request);
    const isRequest = context.getType<string>() === 'graphql' && isOneExchange(nodeRequest);
    const caller = await this.identify(request, isRequest ? nodeRequest : call);
    assertOpen(caller, scopes);
    call.caller = caller;
  }

  /** Who sends the request, as found out before for the same key, or now. A connection is asked for each message. */
  private identify(request: GuardedRequest, source: object): Promise<Caller> {
    const header = request.headers[KEY_HEADER];
    // Node joins a repeated header to "a, b", which is no token: nobody picks one of two keys.
    const plainText = typeof header === 'string' ? header : '';
    if (!isOneExchange(source) && !(source instanceof HandlerCall))
      return this.authenticate(request, plainText, source);
    const remembering = source as Remembering;
    const known = remembering[this.#known];
    if (known?.plainText === plainText) return known.caller;
    const caller = this.authenticate(request, plainText, source);
    remembering[this.#known] = { plainText, caller };
    return caller;
  }

  private async authenticate(request: GuardedRequest, plainText: string, source: object): Promise<Caller> {
    let caller: Caller;
    try {
      caller = await (this.verifier.verifyCached(plainText) ?? this.prove(request, plainText));
    } catch (error) {
      // A key that came into the request later.
      if (getCaller(source) !== undefined) setCaller(source, undefined);
      return this.count(request, plainText, error);
    }
    setCaller(source, caller);
    this.#rateLimit?.spend(caller.organization.id);
    return caller;
  }

  /** Whether an application has its routes closed by `protect`. */
  get isProtecting(): boolean {
    return this.#isProtecting;
  }

  /**
   * Closes every route that the application registers from now on, but those marked `@Public()`, before a body is read.
   * A route that declares neither `@RequireScopes()` nor `@Public()` stops the start. Call it before `app.init()` or
   * `app.listen()`.
   */
  protect(app: FastifyApplication): void {
    this.#isProtecting = true;
    const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    fastify.addHook('onRoute', ({ method, url, config }) => {
      if (accessOf(config ?? {}) !== undefined) return;
      throw new Error(
        `${String(method)} ${url} declares neither @RequireScopes() nor @Public(): nobody knows who may call it.`,
      );
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      const access = request.is404 ? 'public' : accessOf(request.routeOptions.config);
      if (access === 'public') {
        done();
        return;
      }
      this.admit(request, reply, access).then(() => {
        done();
      }, done);
    });
  }

  private async prove(request: GuardedRequest, plainText: string): Promise<Caller> {
    const isAbandoned = () => hasClientGone(request);
    if (plainText === '') return this.verifier.execute(plainText, isAbandoned);
    // Begun before the work, so that the answer comes when it fires, whatever was found and however long that took.
    const refusalDue = sleep(randomInt(REFUSAL_MS.least, REFUSAL_MS.most + 1));
    await this.#throttle?.assertUnknown(addressOf(request), plainText);
    try {
      return await this.verifier.execute(plainText, isAbandoned);
    } catch (error) {
      await refusalDue;
      throw error;
    }
  }

  /** Counts a wrong token; no token at all costs nothing and is no attempt. */
  private async count(request: GuardedRequest, plainText: string, error: unknown): Promise<never> {
    const wrong = error instanceof IdentityError && error.code === 'authentication.required' && plainText !== '';
    if (wrong) await this.#throttle?.count(addressOf(request), plainText);
    throw error;
  }
}

/** Throws what refuses a caller to whom a route is not open. */
function assertOpen(caller: Caller, scopes: readonly string[] | undefined): void {
  if (scopes === undefined) throw new IdentityError('permission.denied', 'This route declares no permission.');
  if (scopes.length > 0) assertScopes(caller, scopes);
}
