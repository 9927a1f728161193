import { isPermission } from '@feather-identity/core';
import { applyDecorators, SetMetadata } from '@nestjs/common';

/** Who may call a route: everyone, or whoever has a key with these scopes. */
export type RouteAccess = 'public' | readonly string[];

/** Where a route says so: in Nest's metadata for the guard, in Fastify's config for the hook. */
export const ROUTE_ACCESS = 'featherIdentityAccess';

/** What `@RouteConfig()` of @nestjs/platform-fastify writes: applications on Express need not have that package. */
const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/** What `@ApiExtension()` of @nestjs/swagger writes: applications that describe no API need not have that package. */
const OPENAPI_EXTENSIONS = 'swagger/apiExtension';

/** Options that open a route which is registered with Fastify directly, outside of Nest. */
export const publicRoute = { config: { [ROUTE_ACCESS]: 'public' } };

/** Opens a route handler to requests without a key. */
export function Public(): MethodDecorator {
  return declare('public');
}

/**
 * Opens a route handler to keys that hold all of these scopes (`resource:action`, no wildcards); to every valid key where
 * none is named. Throws for a scope that is none.
 */
export function RequireScopes(...scopes: string[]): MethodDecorator {
  const wrong = scopes.find((scope) => !isPermission(scope));
  if (wrong !== undefined) throw new Error(`A route can require scopes spelled resource:action, not "${wrong}".`);
  return applyDecorators(declare(scopes), describe(scopes));
}

/** What the configuration of a Fastify route declares; undefined where it declares nothing. */
export function accessOf(config: object): RouteAccess | undefined {
  return ROUTE_ACCESS in config ? (config[ROUTE_ACCESS] as RouteAccess) : undefined;
}

/** Names the scopes in the application's OpenAPI document, beside extensions that others have declared. */
function describe(scopes: readonly string[]): MethodDecorator {
  return (_prototype, _name, descriptor) => {
    const handler = descriptor.value as object;
    const others = Reflect.getMetadata(OPENAPI_EXTENSIONS, handler) as object | undefined;
    Reflect.defineMetadata(OPENAPI_EXTENSIONS, { ...others, 'x-required-scopes': scopes }, handler);
  };
}

/** The last decorator would win silently: nobody could tell from the code what a route demands. */
function declare(access: RouteAccess): MethodDecorator {
  const once: MethodDecorator = (_prototype, name, descriptor) => {
    // A program whose types nobody checked: on a class it would do nothing, and so open or close nothing.
    if (typeof (descriptor as PropertyDescriptor | undefined)?.value !== 'function') {
      throw new Error('@RequireScopes() and @Public() stand on methods only: each handler says who may call it.');
    }
    if (Reflect.hasMetadata(ROUTE_ACCESS, descriptor.value as object)) {
      throw new Error(`${String(name)} declares twice who may call it: name all scopes in one @RequireScopes().`);
    }
  };
  return applyDecorators(
    once,
    SetMetadata(ROUTE_ACCESS, access),
    SetMetadata(FASTIFY_ROUTE_CONFIG, { [ROUTE_ACCESS]: access }),
  );
}
