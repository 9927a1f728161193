import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTracing } from '@feather-identity/client/tracing';
import {
  AddressRefusals,
  ApiKeyVerifier,
  type Caller,
  Clock,
  assertScopes,
  IdentityError,
  QuotaCounters,
  RateLimitStore,
  type UsageOutcome,
  type UsingClient,
  VerificationMetrics,
  WriteBehind,
} from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { type ExecutionContext, type INestApplication, Inject, Injectable, Optional } from '@nestjs/common';
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from 'fastify';
import { addressOf, connectionSignal, knownAddressOf } from '../client-request.js';
import { ConsoleAuthentication, getConsoleSessionId } from '../console/console-authentication.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { AuthenticationLimits, KeyLocation } from '../identity.options.js';
import { type HeaderResponse, type NodeResponse, setHeader } from '../header-response.js';
import { toApiError } from '../errors/identity-error.mapper.js';
import { refuse } from '../errors/refuse.js';
import { traceAuthentication } from '../tracing/traced-authentication.js';
import { getCaller, isOneExchange, nodeRequestOf, setCaller, setChallenge } from './caller-of-request.js';
import { FailureThrottle } from './failure-throttle.js';
import { type GuardedRequest, requestIdOf } from './guarded-request.js';
import { HandlerCall } from './handler-call.js';
import { KeyLimits } from './key-limits.js';
import { KeyReader } from './key-reader.js';
import { OrganizationRateLimit } from './organization-rate-limit.js';
import { accessOf, environmentOf } from './route-access.js';

/**
 * How long after its arrival a wrong key is refused, in milliseconds. Longer than a look-up and an HMAC take, and random,
 * since a fixed delay would still reveal a tenth of a millisecond. So the time of an answer does not reveal whether the
 * public part is unknown or the secret is wrong.
 */
export const REFUSAL_MS = { least: 5, most: 25 };

/** Who makes a request, and what is left to its key; undefined for a key without limits. */
interface Admission {
  readonly caller: Caller;
  readonly left: string | undefined;
}

/** The authentication of a request: the key that it was made for, and its caller or the refusal. */
interface Authentication {
  readonly plainText: string;
  readonly admission: Promise<Admission>;
  /** Whether it is counted what became of the request. */
  isCounted: boolean;
}

/** An object that keeps the authentication of its request. */
type Keeper = Record<symbol, Authentication | undefined>;

/**
 * A `NestFastifyApplication`, recognized by a method that other applications lack. Its own type would make applications on
 * Express compile `@nestjs/platform-fastify`.
 */
export interface FastifyApplication extends INestApplication {
  register(...plugin: never[]): unknown;
}

/** Authenticates requests by the `x-api-key` header, or by what the options name in its place. */
@Injectable()
export class ApiKeyAuthentication {
  readonly #keys: KeyReader;
  readonly #throttle: FailureThrottle | undefined;
  readonly #rateLimit: OrganizationRateLimit | undefined;
  readonly #keyLimits: KeyLimits;
  /** The property that holds a request's authentication. One per instance, since another may ask another verifier. */
  readonly #known = Symbol('feather-identity authentication');
  readonly #tracing = findTracing();
  #isProtecting = false;

  constructor(
    private readonly verifier: ApiKeyVerifier,
    metrics: VerificationMetrics,
    clock: Clock,
    @Inject(MODULE_OPTIONS_TOKEN) options: AuthenticationLimits & KeyLocation,
    quotaCounters: QuotaCounters,
    counts: RateLimitStore,
    @Optional() addressRefusals?: AddressRefusals,
    /** Absent where another service has the keys, and counts. */
    @Optional() private readonly writeBehind?: WriteBehind,
    @Optional() private readonly console?: ConsoleAuthentication,
  ) {
    const { failuresPerMinute, requestsPerMinute } = options;
    this.#keys = new KeyReader(options, verifier);
    if (failuresPerMinute !== undefined)
      this.#throttle = new FailureThrottle('keys', failuresPerMinute, counts, metrics);
    if (requestsPerMinute !== undefined)
      this.#rateLimit = new OrganizationRateLimit(requestsPerMinute, counts, metrics);
    const organizations = this.#rateLimit;
    this.#keyLimits = new KeyLimits({ clock, metrics, counts, quotaCounters, addressRefusals, organizations });
  }

  /**
   * Admits a request whose key holds these scopes. Called again for the same request and key, it checks the scopes again,
   * but neither verifies the key again nor counts the request again.
   *
   * @param scopes - what the route requires; undefined if it declares nothing: then no request is admitted
   * @param environment - the one that the key must have. Default: any
   * @throws ApiError 401, 403, 429 or 503, which answers the request in any application; its headers are already set
   */
  async admit(
    request: GuardedRequest,
    response: HeaderResponse | NodeResponse,
    scopes: readonly string[] | undefined,
    environment?: string,
  ): Promise<void> {
    try {
      const source = nodeRequestOf(request);
      const { caller, left } = await this.identify(request, source);
      if (left !== undefined) setHeader(response, 'ratelimit', left);
      this.open(request, source, caller, () => {
        assertOpen(caller, scopes, environment);
      });
    } catch (error) {
      throw refuse(response, error, this.#keys.challenge);
    }
  }

  /** As `admit`, for a handler of a message or a GraphQL field. Its refusals set no headers. */
  async admitCall(
    request: GuardedRequest,
    context: ExecutionContext,
    scopes: readonly string[] | undefined,
    environment?: string,
  ): Promise<void> {
    const call = HandlerCall.of(context);
    const nodeRequest = nodeRequestOf(request);
    const isRequest = context.getType<string>() === 'graphql' && isOneExchange(nodeRequest);
    try {
      const source = isRequest ? nodeRequest : call;
      const { caller } = await this.identify(request, source);
      this.open(request, source, caller, () => {
        assertOpen(caller, scopes, environment);
      });
      call.caller = caller;
    } catch (error) {
      throw error instanceof IdentityError ? toApiError(error, this.#keys.challenge) : error;
    }
  }

  /**
   * Whether the request has a key where keys are read from, valid or not. A bearer token that cannot be a key is none.
   * For guards that accept keys beside something else.
   */
  hasKey(request: GuardedRequest): boolean {
    return this.keyOf(request) !== '';
  }

  /** Authenticates the request, unless that was done for the same key before. A connection is authenticated for each message. */
  private identify(request: GuardedRequest, source: object): Promise<Admission> {
    const plainText = this.keyOf(request);
    if (!isOneExchange(source) && !(source instanceof HandlerCall))
      return this.authenticate(request, plainText, source);
    const keeper = source as Keeper;
    const known = keeper[this.#known];
    if (known?.plainText === plainText) return known.admission;
    const admission = this.authenticate(request, plainText, source);
    keeper[this.#known] = { plainText, admission, isCounted: false };
    return admission;
  }

  private keyOf(request: GuardedRequest): string {
    if (this.#keys.challenge !== undefined) setChallenge(request, this.#keys.challenge);
    return this.#keys.read(request);
  }

  private authenticate(request: GuardedRequest, plainText: string, source: object): Promise<Admission> {
    if (this.#tracing === undefined) return this.admitKey(request, plainText, source);
    return traceAuthentication(this.#tracing, request, () => this.admitKey(request, plainText, source));
  }

  private async admitKey(request: GuardedRequest, plainText: string, source: object): Promise<Admission> {
    let caller: Caller | undefined;
    try {
      caller = await (this.verifier.verifyCached(plainText) ?? this.prove(request, plainText));
      if (caller.apiKey.allowedNetworks) this.assertAddress(request, caller);
    } catch (error) {
      // The request had another key before.
      if (getCaller(source) !== undefined) setCaller(source, undefined);
      if (caller !== undefined) this.record(request, caller, 'refusedAddress');
      return this.count(request, plainText, error);
    }
    setCaller(source, caller);
    try {
      const spent = this.spendOf(caller);
      // Without a wait where the counts are in this process.
      return { caller, left: spent instanceof Promise ? ((await spent) ?? undefined) : (spent ?? undefined) };
    } catch (error) {
      // Else there is no verdict: the use of a quota could not be read.
      if (error instanceof ApiError) this.record(request, caller, 'refusedLimit');
      throw error;
    }
  }

  /** Counts the request, unless it was counted before: what is asked first decides. */
  private open(request: GuardedRequest, source: object, caller: Caller, assert: () => void): void {
    const known = (source as Keeper)[this.#known];
    const isCounted = known?.isCounted ?? false;
    if (known !== undefined) known.isCounted = true;
    try {
      assert();
    } catch (error) {
      if (!isCounted) this.record(request, caller, 'refusedScope');
      throw error;
    }
    if (!isCounted) this.record(request, caller, 'accepted');
  }

  /** For a handler that requires scopes which its route does not name: the admitted request is refused after all. */
  refuseAccepted(request: GuardedRequest, { apiKey }: Caller): void {
    if (getConsoleSessionId(request) === undefined) this.writeBehind?.refuseAccepted(apiKey);
  }

  private record(request: GuardedRequest, { apiKey }: Caller, outcome: UsageOutcome): void {
    // What a session of the console asks is no use of its key.
    if (this.writeBehind === undefined || getConsoleSessionId(request) !== undefined) return;
    const from = this.writeBehind.keepsLastUsedFrom ? clientOf(request) : undefined;
    this.writeBehind.recordOutcome(apiKey, outcome, from);
  }

  /**
   * Verifies a key or a code that a body has shown. It is refused as slowly and as seldom as a key in its header, and the
   * request counts for the limits of its caller.
   *
   * @throws ApiError 429
   * @throws IdentityError what `verify` throws, or `address.not_allowed`
   */
  async verifyShown<T>(
    request: GuardedRequest,
    shown: string,
    verify: () => Promise<T>,
    callerOf: (verified: T) => Caller | undefined,
  ): Promise<T> {
    const refusalDue = sleep(randomInt(REFUSAL_MS.least, REFUSAL_MS.most + 1));
    try {
      this.#throttle?.assertUnknown(addressOf(request), shown);
      const verified = await verify();
      const caller = callerOf(verified);
      if (caller !== undefined) await this.spend(request, caller);
      return verified;
    } catch (error) {
      await refusalDue;
      return this.count(request, shown, error);
    }
  }

  /**
   * Counts a request for the limits of its caller, whose key must be accepted from there.
   *
   * @throws ApiError 429
   * @throws IdentityError `address.not_allowed`
   */
  async spend(request: GuardedRequest, caller: Caller): Promise<void> {
    this.assertAddress(request, caller);
    await this.spendOf(caller);
  }

  private spendOf(caller: Caller) {
    if (this.#keyLimits.has(caller.apiKey)) return this.#keyLimits.spend(caller);
    return this.#rateLimit?.spend(caller.organization.id);
  }

  private assertAddress(request: GuardedRequest, caller: Caller): void {
    this.#keyLimits.assertAddress(caller, knownAddressOf(request), requestIdOf(request));
  }

  /** Whether `protect` has been called. */
  get isProtecting(): boolean {
    return this.#isProtecting;
  }

  /**
   * Guards every route that the application registers from now on, before its body is read. Call it before `app.init()` or
   * `app.listen()`.
   *
   * @throws Error at the start, for a route that declares neither `@RequireScopes()` nor `@Public()`
   * @example
   * ```ts
   * const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
   * app.get(ApiKeyAuthentication).protect(app);
   * await app.listen(3000);
   * ```
   */
  protect(app: FastifyApplication): void {
    this.#isProtecting = true;
    const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    fastify.addHook('onRoute', refuseUndeclaredRoute);
    fastify.addHook('onRequest', this.authenticateRequest);
  }

  private readonly authenticateRequest: onRequestHookHandler = (request, reply, done) => {
    // Fastify makes `routeOptions` anew whenever it is read.
    const { config } = request.routeOptions;
    const access = request.is404 ? 'public' : accessOf(config);
    if (access === 'public') {
      done();
      return;
    }
    this.admit(request, reply, access, environmentOf(config)).then(() => {
      done();
    }, done);
  };

  private async prove(request: GuardedRequest, plainText: string): Promise<Caller> {
    if (plainText === '') return (await this.console?.callerOf(request)) ?? this.verifier.execute(plainText);
    // Started before the work, so that the answer comes when it fires, whatever the work finds and however long it takes.
    const refusalDue = sleep(randomInt(REFUSAL_MS.least, REFUSAL_MS.most + 1));
    this.#throttle?.assertUnknown(addressOf(request), plainText);
    try {
      return await this.verifier.execute(plainText, connectionSignal(request));
    } catch (error) {
      await refusalDue;
      throw error;
    }
  }

  /** Counts a wrong token. A missing one is no attempt, and costs nothing. */
  private async count(request: GuardedRequest, plainText: string, error: unknown): Promise<never> {
    const wrong = error instanceof IdentityError && error.code === 'authentication.required' && plainText !== '';
    if (wrong) await this.#throttle?.count(addressOf(request), plainText);
    throw error;
  }
}

function clientOf(request: GuardedRequest): UsingClient {
  const address = knownAddressOf(request);
  const userAgent = request.headers['user-agent'];
  return {
    address: address === '' ? null : address,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
  };
}

/** Requires that a route is open to this caller. */
function assertOpen(caller: Caller, scopes: readonly string[] | undefined, environment: string | undefined): void {
  if (scopes === undefined) throw new IdentityError('permission.denied', 'This route declares no permission.');
  if (scopes.length > 0) assertScopes(caller, scopes);
  if (environment !== undefined && caller.apiKey.environment !== environment)
    throw new IdentityError('permission.denied', `The API key is not one of the environment "${environment}".`);
}

function refuseUndeclaredRoute({ method, url, config }: RouteOptions): void {
  if (accessOf(config ?? {}) !== undefined) return;
  // The route of `app.enableCors()`, which no code of the application declares. Browsers get their answer before it, and
  // everybody else finds it closed.
  if (method === 'OPTIONS' && url === '*') return;
  throw new Error(
    `${String(method)} ${url} declares neither @RequireScopes() nor @Public(): nobody knows who may call it.`,
  );
}
