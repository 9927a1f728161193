import { Injectable, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/** What `@UseGuards()` writes. */
const GUARDS = '__guards__';

/**
 * Stops the start of an application that says which scopes a route demands and has nothing that looks at them: the route
 * would be open to everybody. What looks at them is `ApiKeyGuard`, a guard that extends it, what a test has put in its
 * place, or `ApiKeyAuthentication.protect`.
 */
@Injectable()
export class UnguardedRoutesCheck implements OnApplicationBootstrap {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly application: ApplicationConfig,
    private readonly server: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.servesHttp() || this.isProtecting() || this.hasGlobalGuard()) return;
    const [route] = this.unguardedRoutes();
    if (route === undefined) return;
    throw new Error(
      `${route} requires scopes that nothing looks at. Provide { provide: APP_GUARD, useExisting: ApiKeyGuard } in a ` +
        'module of the application, or call ApiKeyAuthentication.protect(app) on Fastify. A guard of your own that lets ' +
        'API keys in counts where its class extends ApiKeyGuard.',
    );
  }

  /** A command or a worker has no routes to be reached by, whatever its modules declare. */
  private servesHttp(): boolean {
    return (this.server.httpAdapter as object | null) !== null;
  }

  private isProtecting(): boolean {
    return this.provided(ApiKeyAuthentication).some(({ isProtecting }) => isProtecting);
  }

  private hasGlobalGuard(): boolean {
    const perRequest = this.application.getGlobalRequestGuards().map(({ metatype }) => metatype);
    const guards: unknown[] = [...this.application.getGlobalGuards(), ...perRequest];
    const replacements: unknown[] = this.provided(ApiKeyGuard);
    return guards.some((guard) => isApiKeyGuard(guard) || replacements.includes(guard));
  }

  /** What each module that provides the class has for it: in a test that may be something else. */
  private provided<T extends object>(type: Type<T>): T[] {
    return [...this.modules.values()].flatMap(({ providers }) => (providers.get(type)?.instance as T | null) ?? []);
  }

  private *unguardedRoutes(): Iterable<string> {
    const scanner = new MetadataScanner();
    for (const { controllers } of this.modules.values()) {
      for (const { metatype } of controllers.values()) {
        if (typeof metatype !== 'function' || hasApiKeyGuard(metatype)) continue;
        const prototype = metatype.prototype as Record<string, object>;
        for (const name of scanner.getAllMethodNames(prototype)) {
          const handler = prototype[name] ?? {};
          const access = Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined;
          if (Array.isArray(access) && !hasApiKeyGuard(handler)) yield `${metatype.name}.${name}`;
        }
      }
    }
  }
}

function hasApiKeyGuard(target: object): boolean {
  return ((Reflect.getMetadata(GUARDS, target) ?? []) as unknown[]).some(isApiKeyGuard);
}

/** Guards are named by their class, or are there themselves. */
function isApiKeyGuard(guard: unknown): boolean {
  if (typeof guard !== 'function') return guard instanceof ApiKeyGuard;
  return guard === ApiKeyGuard || guard.prototype instanceof ApiKeyGuard;
}
