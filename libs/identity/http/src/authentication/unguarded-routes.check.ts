import { Injectable, Logger, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { ApiKeyGuard } from './api-key.guard.js';
import {
  isHandler,
  MICROSERVICE_PATTERN,
  RESOLVED_FIELD,
  RESOLVER_TYPE,
  WEBSOCKET_MESSAGE,
} from './handler-metadata.js';
import { ROUTE_ACCESS, ROUTE_ENVIRONMENT, type RouteAccess } from './route-access.js';

/** What `@UseGuards()` writes. */
const GUARDS = '__guards__';

/** The options of the module of GraphQL. */
const GRAPHQL_OPTIONS = 'GqlModuleOptions';
const OPERATIONS: unknown[] = ['Query', 'Mutation', 'Subscription'];

const HOW =
  'Provide { provide: APP_GUARD, useExisting: ApiKeyGuard } in a module of the application, or call ' +
  'ApiKeyAuthentication.protect(app) on Fastify. A guard of your own that lets API keys in counts where its class ' +
  'extends ApiKeyGuard.';

/** A method that something outside may call. */
interface Handler {
  readonly name: string;
  readonly owner: object;
  readonly method: object;
  readonly access: RouteAccess | undefined;
}

/**
 * Stops the start of an application that has an open handler by mistake: one that requires scopes which nothing checks,
 * or one on a transport for which no guard runs, although `ApiKeyGuard` closes everything else. Scopes are checked by
 * `ApiKeyGuard`, by a guard that extends it, by what a test has put in its place, and on HTTP routes of Fastify by
 * `ApiKeyAuthentication.protect`. The log names the handlers that declare nothing and that the guard therefore closes.
 */
@Injectable()
export class UnguardedRoutesCheck implements OnApplicationBootstrap {
  readonly #logger = new Logger('ApiKeyGuard');

  constructor(
    private readonly modules: ModulesContainer,
    private readonly application: ApplicationConfig,
    private readonly server: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    const isGlobal = this.hasGlobalGuard();
    const isHooked = this.provided(ApiKeyAuthentication).some(({ isProtecting }) => isProtecting);
    const closed: string[] = [];
    for (const [kind, handlers] of [
      ['controllers', this.handlersOf('controllers')],
      ['providers', this.handlersOf('providers')],
    ] as const) {
      for (const handler of handlers) {
        const problem = this.problemOf(handler, isGlobal, isHooked && kind === 'controllers', isGlobal || isHooked);
        if (problem !== undefined) throw new Error(`${handler.name} ${problem}`);
        if (this.isClosed(handler, isGlobal)) closed.push(handler.name);
      }
    }
    if (closed.length === 0) return;
    this.#logger.warn(
      `No API key opens these handlers, which declare neither @RequireScopes() nor @Public(): ${closed.join(', ')}`,
    );
  }

  /** Whether our guard refuses every key for this handler. A nested field of GraphQL may be read without a guard. */
  private isClosed({ owner, method, access }: Handler, isGlobal: boolean): boolean {
    if (access !== undefined || !this.servesHttp() || !isHandler(method)) return false;
    if (this.isFieldWithoutGuards(owner, method)) return false;
    return isGlobal || hasApiKeyGuard(owner) || hasApiKeyGuard(method);
  }

  private problemOf(
    { owner, method, access }: Handler,
    isGlobal: boolean,
    isHooked: boolean,
    isClosed: boolean,
  ): string | undefined {
    if (access === 'public') return undefined;
    const hasOwn = hasApiKeyGuard(owner) || hasApiKeyGuard(method);
    const requires = Array.isArray(access) || Reflect.hasMetadata(ROUTE_ENVIRONMENT, method);
    if (Reflect.hasMetadata(MICROSERVICE_PATTERN, method)) {
      if (!requires && !hasOwn && !isClosed) return undefined;
      return 'serves a microservice, where ApiKeyGuard finds no API key. Mark it @Public() and guard it otherwise.';
    }
    if (Reflect.hasMetadata(WEBSOCKET_MESSAGE, method)) {
      if (hasOwn || (!requires && !isClosed)) return undefined;
      return (
        'serves a WebSocket, where not every NestJS has global guards. Put @UseGuards(ApiKeyGuard) on its gateway, or ' +
        'mark it @Public().'
      );
    }
    if (!requires || !this.servesHttp()) return undefined;
    if (this.isFieldWithoutGuards(owner, method)) {
      return (
        'requires scopes that nothing looks at: guards run for the fields that an operation begins with. Let GraphQLModule ' +
        "have fieldResolverEnhancers: ['guards'], or require the scopes where the object comes from."
      );
    }
    return isGlobal || isHooked || hasOwn ? undefined : `requires scopes that nothing looks at. ${HOW}`;
  }

  /** A command or a worker has no routes to be reached by, whatever its modules declare. */
  private servesHttp(): boolean {
    return (this.server.httpAdapter as object | null) !== null;
  }

  private hasGlobalGuard(): boolean {
    const perRequest = this.application.getGlobalRequestGuards().map(({ metatype }) => metatype);
    const guards: unknown[] = [...this.application.getGlobalGuards(), ...perRequest];
    const replacements: unknown[] = this.provided(ApiKeyGuard);
    return guards.some((guard) => isApiKeyGuard(guard) || replacements.includes(guard));
  }

  /** What each module that provides the class has for it: in a test that may be something else. */
  private provided<T extends object>(type: Type<T>): T[] {
    return [...this.modules.values()].flatMap(({ providers }) => {
      const provided = providers.get(type)?.instance as T | null | undefined;
      return provided ? [provided] : [];
    });
  }

  private isFieldWithoutGuards(owner: object, method: object): boolean {
    const types: unknown[] = [method, owner].map((target) => Reflect.getMetadata(RESOLVER_TYPE, target) as unknown);
    if (!Reflect.hasMetadata(RESOLVED_FIELD, method) || types.some((type) => OPERATIONS.includes(type))) return false;
    const modules = [...this.modules.values()];
    const options = modules.map(
      ({ providers }) => providers.get(GRAPHQL_OPTIONS)?.instance as GraphQlOptions | null | undefined,
    );
    return !options.some((given) => given?.fieldResolverEnhancers?.includes('guards'));
  }

  private *handlersOf(kind: 'controllers' | 'providers'): Iterable<Handler> {
    const scanner = new MetadataScanner();
    for (const module of this.modules.values()) {
      for (const { metatype } of module[kind].values()) {
        if (typeof metatype !== 'function' || typeof metatype.prototype !== 'object') continue;
        const prototype = metatype.prototype as Record<string, object>;
        for (const name of scanner.getAllMethodNames(prototype)) {
          const method = prototype[name] ?? {};
          // What no decorator has marked, most methods of most providers, nothing outside can call.
          if (Reflect.getMetadataKeys(method).length === 0) continue;
          const access = Reflect.getMetadata(ROUTE_ACCESS, method) as RouteAccess | undefined;
          yield { name: `${metatype.name}.${name}`, owner: metatype, method, access };
        }
      }
    }
  }
}

interface GraphQlOptions {
  readonly fieldResolverEnhancers?: readonly string[];
}

function hasApiKeyGuard(target: object): boolean {
  return ((Reflect.getMetadata(GUARDS, target) ?? []) as unknown[]).some(isApiKeyGuard);
}

/** Guards are named by their class, or are there themselves. */
function isApiKeyGuard(guard: unknown): boolean {
  if (typeof guard !== 'function') return guard instanceof ApiKeyGuard;
  return guard === ApiKeyGuard || guard.prototype instanceof ApiKeyGuard;
}
