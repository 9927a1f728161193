import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/** What `@UseGuards()` writes. */
const GUARDS = '__guards__';

/**
 * Stops the start of an application that says which scopes a route demands and has nothing that looks at them: the route
 * would be open to everybody. Routes with guards of their own are taken for guarded.
 */
@Injectable()
export class UnguardedRoutesCheck implements OnApplicationBootstrap {
  constructor(
    private readonly authentication: ApiKeyAuthentication,
    private readonly modules: ModulesContainer,
    private readonly application: ApplicationConfig,
    private readonly server: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.servesHttp() || this.authentication.isProtecting || this.hasGlobalGuard()) return;
    const [route] = this.unguardedRoutes();
    if (route === undefined) return;
    throw new Error(
      `${route} requires scopes that nothing looks at. Provide { provide: APP_GUARD, useExisting: ApiKeyGuard } in a ` +
        'module of the application, or call ApiKeyAuthentication.protect(app) on Fastify.',
    );
  }

  /** A command or a worker has no routes to be reached by, whatever its modules declare. */
  private servesHttp(): boolean {
    const { httpAdapter } = this.server as { readonly httpAdapter: object | null };
    return httpAdapter !== null;
  }

  private hasGlobalGuard(): boolean {
    const { application } = this;
    const perRequest = application.getGlobalRequestGuards().map(({ instance }) => instance);
    return [...application.getGlobalGuards(), ...perRequest].some((guard) => guard instanceof ApiKeyGuard);
  }

  private *unguardedRoutes(): Iterable<string> {
    const scanner = new MetadataScanner();
    for (const { controllers } of this.modules.values()) {
      for (const { metatype } of controllers.values()) {
        if (typeof metatype !== 'function' || Reflect.hasMetadata(GUARDS, metatype)) continue;
        const prototype = metatype.prototype as Record<string, object>;
        for (const name of scanner.getAllMethodNames(prototype)) {
          const handler = prototype[name] ?? {};
          const access = Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined;
          if (Array.isArray(access) && !Reflect.hasMetadata(GUARDS, handler)) yield `${metatype.name}.${name}`;
        }
      }
    }
  }
}
