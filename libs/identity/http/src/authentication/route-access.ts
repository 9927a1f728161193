import { isPermission } from '@feather-identity/core';
import { MetadataScanner } from '@nestjs/core';
import { isHandler } from './handler-metadata.js';

/** Who may call a route: everyone, or callers whose key holds these scopes. */
export type RouteAccess = 'public' | readonly string[];

/** The name under which a route declares it: in Nest's metadata for the guard, in Fastify's config for the hook. */
export const ROUTE_ACCESS = 'featherIdentityAccess';

/** The metadata of `@RouteConfig()`. Not imported: applications on Express need not have @nestjs/platform-fastify. */
const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/**
 * The metadata of `@ApiExtension()` and `@ApiSecurity()`. Not imported: applications without OpenAPI need not have
 * @nestjs/swagger.
 */
const OPENAPI_EXTENSIONS = 'swagger/apiExtension';
const OPENAPI_SECURITY = 'swagger/apiSecurity';
const REQUIRED_SCOPES = 'x-required-scopes';

/** Marks a handler whose access its class declares. A subclass may declare another for it. */
const BY_CLASS = Symbol('feather-identity access by class');

/**
 * The name of the security scheme in OpenAPI documents. Each operation that requires scopes names it.
 *
 * @example
 * ```ts
 * new DocumentBuilder().addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, API_KEY_SECURITY);
 * ```
 */
export const API_KEY_SECURITY = 'APIKeyHeader';

/** A decorator for one handler, or for a class: then it is for each handler of the class that has none itself. */
export type AccessDecorator = MethodDecorator & ClassDecorator;

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
 * Opens a handler to requests without a key. On a class it opens each handler that the class has or inherits and that
 * declares nothing itself; handlers that a subclass adds stay closed.
 *
 * @example
 * ```ts
 * @Public()
 * @Get('prices')
 * prices() { ... }
 * ```
 * @example
 * ```ts
 * // A controller of another library, before the application is created:
 * Public()(PrometheusController);
 * ```
 */
export function Public(): AccessDecorator {
  return declare('public');
}

/**
 * Opens a handler to keys that hold all of these scopes. On a class it is for each handler that the class has or inherits
 * and that declares nothing itself: what a handler declares replaces it.
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
export function RequireScopes(...scopes: string[]): AccessDecorator {
  const wrong = scopes.find((scope) => !isPermission(scope));
  if (wrong !== undefined) throw new Error(`A route can require scopes spelled resource:action, not "${wrong}".`);
  return declare(scopes);
}

/** The access that the configuration of a Fastify route declares; undefined if it declares none. */
export function accessOf(config: object): RouteAccess | undefined {
  return ROUTE_ACCESS in config ? (config[ROUTE_ACCESS] as RouteAccess) : undefined;
}

function declare(access: RouteAccess): AccessDecorator {
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (name === undefined) declareForClass(target as Class, access);
    else declareForMethod(name, descriptor?.value, access);
  };
}

type Class = { readonly name: string; readonly prototype: Record<string, object> };

/** Refuses a second declaration: the last one would win silently. */
function declareForMethod(name: string | symbol, method: unknown, access: RouteAccess): void {
  if (typeof method !== 'function')
    throw new Error(`${String(name)}: @RequireScopes() and @Public() stand on methods and classes.`);
  if (Reflect.hasMetadata(ROUTE_ACCESS, method)) throw declaredTwice(String(name));
  write(method, access);
}

/** Declares it on the methods, where everything that reads it looks: the guard, the hook of Fastify, OpenAPI. */
function declareForClass(target: Class, access: RouteAccess): void {
  if (Reflect.hasOwnMetadata(BY_CLASS, target)) throw declaredTwice(target.name);
  Reflect.defineMetadata(BY_CLASS, true, target);
  const { name: className, prototype } = target;
  const handlers = new MetadataScanner().getAllMethodNames(prototype).filter((name) => isHandler(prototype[name]!));
  if (handlers.length === 0)
    throw new Error(`${className} has no handlers: @RequireScopes() and @Public() declare nothing there.`);
  for (const name of handlers) {
    const found = prototype[name]!;
    if (Reflect.hasMetadata(ROUTE_ACCESS, found) && !Reflect.hasMetadata(BY_CLASS, found)) continue;
    const method = Object.hasOwn(prototype, name) ? found : ownMethod(prototype, name);
    write(method, access);
    Reflect.defineMetadata(BY_CLASS, true, method);
  }
}

/** Gives a class a method of its own in place of an inherited one, which other classes inherit too. */
function ownMethod(prototype: Record<string, object>, name: string): object {
  const inherited = prototype[name] as (...args: unknown[]) => unknown;
  const own = function (this: unknown, ...args: unknown[]): unknown {
    return inherited.apply(this, args);
  };
  Object.defineProperty(own, 'name', { value: name });
  for (const key of Reflect.getMetadataKeys(inherited) as unknown[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, inherited), own);
  Object.defineProperty(prototype, name, { value: own, writable: true, configurable: true });
  return own;
}

function write(method: object, access: RouteAccess): void {
  Reflect.defineMetadata(ROUTE_ACCESS, access, method);
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG, method) as object | undefined;
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG, { ...config, [ROUTE_ACCESS]: access }, method);
  describe(method, access);
}

/** Names the scopes and the key in the application's OpenAPI document, beside what others have declared. */
function describe(method: object, access: RouteAccess): void {
  const requirement = { [API_KEY_SECURITY]: [] };
  const extensions = { ...(Reflect.getMetadata(OPENAPI_EXTENSIONS, method) as Record<string, unknown> | undefined) };
  const others = ((Reflect.getMetadata(OPENAPI_SECURITY, method) ?? []) as object[]).filter(
    (other) => !(API_KEY_SECURITY in other),
  );
  // A subclass may open what its base class has closed.
  if (access === 'public') delete extensions[REQUIRED_SCOPES];
  else extensions[REQUIRED_SCOPES] = access;
  Reflect.defineMetadata(OPENAPI_EXTENSIONS, extensions, method);
  Reflect.defineMetadata(OPENAPI_SECURITY, access === 'public' ? others : [...others, requirement], method);
}

function declaredTwice(name: string): Error {
  return new Error(`${name} declares twice who may call it: name all scopes in one @RequireScopes().`);
}
