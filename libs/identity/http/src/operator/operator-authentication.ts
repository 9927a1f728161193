import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Actor,
  ApiKeyVerifier,
  IdentityError,
  operatorActor,
  type OperatorCaller,
  operatorCallerOf,
  type OperatorKey,
  RateLimitStore,
  VerificationMetrics,
  VerifyOperatorKey,
} from '@feather-identity/core';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  Optional,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { type FastifyApplication, REFUSAL_MS } from '../authentication/api-key-authentication.js';
import { nodeRequestOf, notAuthenticated } from '../authentication/caller-of-request.js';
import { FailureThrottle } from '../authentication/failure-throttle.js';
import { type GuardedRequest, requestIdOf } from '../authentication/guarded-request.js';
import { KeyReader } from '../authentication/key-reader.js';
import { addressOf, connectionSignal, knownAddressOf } from '../client-request.js';
import { ConsoleAuthentication } from '../console/console-authentication.js';
import { refuse } from '../errors/refuse.js';
import type { HeaderResponse } from '../header-response.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { AuthenticationLimits, KeyLocation } from '../identity.options.js';
import { OPERATOR_ACCESS, operatorScopeOf, type OperatorScope } from './operator-access.js';

/** The path of the operator API, below the application's own prefix. */
export const OPERATOR_PATH = 'v1/operator';

/** The authentication of a request by an operator key. */
const KNOWN = Symbol('feather-identity operator');

/** Who calls by a request that was authenticated. */
const OPERATOR = Symbol('feather-identity operator caller');

interface Keeper {
  [KNOWN]?: Promise<OperatorCaller>;
  [OPERATOR]?: OperatorCaller;
}

/** The operator key of a request, also where it lacks the scope; undefined if it has no valid one. */
export function getOperatorKey(request: object): OperatorKey | undefined {
  return (nodeRequestOf(request) as Keeper)[OPERATOR]?.operatorKey ?? undefined;
}

/**
 * Authenticates requests of the operator API by the `x-api-key` header, or by what the options name in its place. Until the
 * first operator key exists, every route answers 404.
 */
@Injectable()
export class OperatorAuthentication {
  readonly #keys: KeyReader;
  readonly #throttle: FailureThrottle | undefined;

  constructor(
    private readonly verifyOperatorKey: VerifyOperatorKey,
    verifier: ApiKeyVerifier,
    metrics: VerificationMetrics,
    @Inject(MODULE_OPTIONS_TOKEN) options: AuthenticationLimits & KeyLocation,
    counts: RateLimitStore,
    @Optional() private readonly console?: ConsoleAuthentication,
  ) {
    const { failuresPerMinute } = options;
    this.#keys = new KeyReader(options, verifier);
    if (failuresPerMinute !== undefined)
      this.#throttle = new FailureThrottle('operator keys', failuresPerMinute, counts, metrics);
  }

  /**
   * Admits a request whose operator key holds the scope. Called again for the same request, it does not verify again.
   *
   * @throws NotFoundException until there is an operator key
   * @throws ApiError 401, 403, 429 or 503, whose headers are already set
   */
  async admit(request: GuardedRequest, response: HeaderResponse, scope: OperatorScope): Promise<void> {
    try {
      const keeper = nodeRequestOf(request) as Keeper;
      const operator = await (keeper[KNOWN] ??= this.authenticate(request));
      keeper[OPERATOR] = operator;
      if (operator.grant.covers(scope)) return;
      throw new IdentityError('permission.denied', `The API key lacks the scope "${scope}".`);
    } catch (error) {
      throw refuse(response, error, this.#keys.challenge);
    }
  }

  /**
   * Guards the operator API on Fastify before a body is read, and hides it until there is an operator key, also from
   * requests with a method that a path does not have. Call it before `app.listen()`.
   */
  protect(app: FastifyApplication): void {
    const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    fastify.addHook('onRequest', this.authenticateOperator);
  }

  private readonly authenticateOperator: onRequestHookHandler = (request, reply, done) => {
    const scope = operatorScopeOf(request.routeOptions.config);
    if (scope === undefined && !(request.is404 && isOperatorPath(request.url))) {
      done();
      return;
    }
    const admitted = scope === undefined ? this.assertOn() : this.admit(request, reply, scope);
    admitted.then(() => {
      done();
    }, done);
  };

  private async authenticate(request: GuardedRequest): Promise<OperatorCaller> {
    const plainText = this.#keys.read(request);
    if (plainText === '') {
      const operator = await this.console?.operatorOf(request);
      if (operator) return operator;
      await this.assertOn();
      throw notAuthenticated();
    }
    // As for keys of organizations: the time of a refusal does not say what is wrong.
    const refusalDue = sleep(randomInt(REFUSAL_MS.least, REFUSAL_MS.most + 1));
    try {
      this.#throttle?.assertUnknown(addressOf(request), plainText);
      return operatorCallerOf(await this.verifyOperatorKey.execute(plainText, connectionSignal(request)));
    } catch (error) {
      if (!(error instanceof IdentityError && error.code === 'authentication.required')) throw error;
      await this.assertOn();
      await refusalDue;
      await this.#throttle?.count(addressOf(request), plainText);
      throw error;
    }
  }

  private async assertOn(): Promise<void> {
    if (!(await this.verifyOperatorKey.isOn())) throw new NotFoundException();
  }
}

/** Guards an `@OperatorController()` in any application. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: OperatorAuthentication,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.get<OperatorScope | undefined>(OPERATOR_ACCESS, context.getHandler());
    if (scope === undefined) return false;
    const http = context.switchToHttp();
    await this.authentication.admit(http.getRequest<GuardedRequest>(), http.getResponse<HeaderResponse>(), scope);
    return true;
  }
}

/** Who calls the operator API, for the audit log, as a parameter of a handler. */
export const CurrentOperator = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<GuardedRequest & { readonly id?: unknown }>();
  const operator = (nodeRequestOf(request) as Keeper)[OPERATOR];
  if (operator === undefined) throw notAuthenticated();
  return operatorActor(operator, {
    requestId: requestIdOf(request),
    sourceAddress: knownAddressOf(request) || null,
  });
});

/** Whether the path is one of the operator API, however its letters are encoded. */
function isOperatorPath(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  const decoded = path.replace(/%[0-7][0-9a-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  return decoded.includes(`/${OPERATOR_PATH}`);
}
