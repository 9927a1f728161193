import { isPermission } from '@feather-identity/core';
import { applyDecorators, SetMetadata } from '@nestjs/common';

/** Who may call a route: everyone, or callers whose key holds these scopes. */
export type RouteAccess = 'public' | readonly string[];

/** The name under which a route declares it: in Nest's metadata for the guard, in Fastify's config for the hook. */
export const ROUTE_ACCESS = 'featherIdentityAccess';

/** The metadata of `@RouteConfig()`. Not imported: applications on Express need not have @nestjs/platform-fastify. */
export const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/** The metadata of `@ApiExtension()`. Not imported: applications without OpenAPI need not have @nestjs/swagger. */
const OPENAPI_EXTENSIONS = 'swagger/apiExtension';

/**
 * Options that open a route which is registered with Fastify directly, outside of Nest.
 *
 * @example
 * ```ts
 * fastify.get('/metrics', publicRoute, handler);
 * ```
 */
export const publicRoute = { config: { [ROUTE_ACCESS]: 'public' } };

/**
 * Opens a route handler to requests without a key.
 *
 * @example
 * ```ts
 * @Public()
 * @Get('prices')
 * prices() { ... }
 * ```
 */
export function Public(): MethodDecorator {
  return declare('public');
}

/**
 * Opens a route handler to keys that hold all of these scopes.
 *
 * @param scopes - each `resource:action`, without wildcards. None: every valid key may call it
 * @throws Error for a text that is no such scope
 * @example
 * ```ts
 * @RequireScopes('orders:read')
 * @Get()
 * list(@CurrentCaller() caller: Caller) { ... }
 * ```
 */
export function RequireScopes(...scopes: string[]): MethodDecorator {
  const wrong = scopes.find((scope) => !isPermission(scope));
  if (wrong !== undefined) throw new Error(`A route can require scopes spelled resource:action, not "${wrong}".`);
  return applyDecorators(declare(scopes), describeScopes(scopes));
}

/** The access that the configuration of a Fastify route declares; undefined if it declares none. */
export function accessOf(config: object): RouteAccess | undefined {
  return ROUTE_ACCESS in config ? (config[ROUTE_ACCESS] as RouteAccess) : undefined;
}

/** Names the scopes in the application's OpenAPI document, beside extensions that others have declared. */
export function describeScopes(scopes: readonly string[]): MethodDecorator {
  return (_prototype, _name, descriptor) => {
    const handler = descriptor.value as object;
    const others = Reflect.getMetadata(OPENAPI_EXTENSIONS, handler) as object | undefined;
    Reflect.defineMetadata(OPENAPI_EXTENSIONS, { ...others, 'x-required-scopes': scopes }, handler);
  };
}

/** Refuses a second declaration: the last one would win silently. */
function declare(access: RouteAccess): MethodDecorator {
  const once: MethodDecorator = (_prototype, name, descriptor) => {
    // The types forbid it, but not every program is type-checked: on a class the decorator would have no effect.
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
