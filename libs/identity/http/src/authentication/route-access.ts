import { isPermission } from '@feather-identity/core';
import { MetadataScanner } from '@nestjs/core';
import { isHandler } from './handler-metadata.js';

/** Who may call a route: everyone, or callers whose key holds these scopes. */
export type RouteAccess = 'public' | readonly string[];

/** The name under which a route declares it: in Nest's metadata for the guard, in Fastify's config for the hook. */
export const ROUTE_ACCESS = 'featherIdentityAccess';

/** The same of the environment that keys must have. */
export const ROUTE_ENVIRONMENT = 'featherIdentityEnvironment';

/** The metadata of `@RouteConfig()`. Not imported: applications on Express need not have @nestjs/platform-fastify. */
export const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/**
 * The metadata of `@ApiExtension()` and `@ApiSecurity()`. Not imported: applications without OpenAPI need not have
 * @nestjs/swagger.
 */
const OPENAPI_EXTENSIONS = 'swagger/apiExtension';
const OPENAPI_SECURITY = 'swagger/apiSecurity';
const REQUIRED_SCOPES = 'x-required-scopes';

/**
 * The name of the security scheme in OpenAPI documents. Each operation that requires scopes names it.
 *
 * @example
 * ```ts
 * new DocumentBuilder().addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, API_KEY_SECURITY);
 * ```
 */
export const API_KEY_SECURITY = 'APIKeyHeader';

/** A decorator for a handler or a class. On a class it applies to each handler that has none of its own. */
export type AccessDecorator = MethodDecorator & ClassDecorator;

/**
 * Options that open a route registered directly with Fastify, outside NestJS.
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
 * Opens a handler to keys that hold all of these scopes. On a class it applies to each handler that the class has or
 * inherits and that declares nothing itself; a handler's own declaration replaces it.
 *
 * @param scopes - each `resource:action`, without wildcards. With none, every valid key may call the handler
 * @throws Error for a text that is not such a scope
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

/**
 * Opens a handler only to keys of this environment, such as `live` in `acme_live_...`, in addition to
 * `@RequireScopes()`. Other keys get 403. On a class it applies to each handler that the class has or inherits and that
 * names none itself. It has no effect on public handlers, which check no key.
 *
 * @param environment - one of `keyEnvironment`
 * @example
 * ```ts
 * @RequireEnvironment('live')
 * @RequireScopes('payments:write')
 * @Post('payments')
 * pay(@CurrentCaller() caller: Caller) { ... }
 * ```
 */
export function RequireEnvironment(environment: string): AccessDecorator {
  return declaration(ROUTE_ENVIRONMENT, environment);
}

/** The access that the configuration of a Fastify route declares; undefined if it declares none. */
export function accessOf(config: object): RouteAccess | undefined {
  return ROUTE_ACCESS in config ? (config[ROUTE_ACCESS] as RouteAccess) : undefined;
}

/** The environment that the configuration of a Fastify route demands; undefined for any. */
export function environmentOf(config: object): string | undefined {
  return ROUTE_ENVIRONMENT in config ? (config[ROUTE_ENVIRONMENT] as string) : undefined;
}

function declare(access: RouteAccess): AccessDecorator {
  return declaration(ROUTE_ACCESS, access, (method) => {
    describe(method, access);
  });
}

interface Class {
  readonly name: string;
  readonly prototype: object;
}

type Method = (...args: unknown[]) => unknown;

/**
 * A declaration on a method, or on a class for the methods that have none. It is written on the methods, where everything
 * looks that reads it: the guard, the hook of Fastify, OpenAPI. A second one is refused: the last would win silently.
 */
function declaration(key: string, value: unknown, onMethod: (method: object) => void = () => {}): AccessDecorator {
  const write = (method: object): void => {
    Reflect.defineMetadata(key, value, method);
    const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG, method) as object | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG, { ...config, [key]: value }, method);
    onMethod(method);
  };
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (name === undefined) {
      declareForClass(target as Class, key, write);
      return;
    }
    const method: unknown = descriptor?.value;
    if (typeof method !== 'function')
      throw new Error(`${String(name)}: who may call it is declared on methods and classes.`);
    if (Reflect.hasMetadata(key, method)) throw declaredTwice(String(name));
    write(method);
  };
}

function declareForClass(target: Class, key: string, write: (method: object) => void): void {
  const byClass = `${key}ByClass`;
  if (Reflect.hasOwnMetadata(byClass, target)) throw declaredTwice(target.name);
  Reflect.defineMetadata(byClass, true, target);
  const { name: className, prototype } = target;
  const names = new MetadataScanner().getAllMethodNames(prototype);
  const methods = names.map((name) => [name, Reflect.get(prototype, name) as Method] as const);
  const handlers = methods.filter(([, method]) => isHandler(method));
  if (handlers.length === 0)
    throw new Error(`${className} has no handlers: to declare who may call them does nothing.`);
  for (const [name, found] of handlers) {
    // What a base class declares for its handlers, a subclass may declare otherwise.
    if (Reflect.hasMetadata(key, found) && !Reflect.hasMetadata(byClass, found)) continue;
    const method = Object.hasOwn(prototype, name) ? found : ownMethod(prototype, name, found);
    write(method);
    Reflect.defineMetadata(byClass, true, method);
  }
}

/** Gives a class a method of its own in place of an inherited one, which other classes inherit too. */
function ownMethod(prototype: object, name: string, inherited: Method): object {
  const own = function (this: unknown, ...args: unknown[]): unknown {
    return inherited.apply(this, args);
  };
  Object.defineProperty(own, 'name', { value: name });
  for (const key of Reflect.getMetadataKeys(inherited) as unknown[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, inherited), own);
  Object.defineProperty(prototype, name, { value: own, writable: true, configurable: true });
  return own;
}

/** Names the scopes and the key in the application's OpenAPI document, beside what others have declared. */
function describe(method: object, access: RouteAccess): void {
  const requirement = { [API_KEY_SECURITY]: [] };
  const extensions = { ...(Reflect.getMetadata(OPENAPI_EXTENSIONS, method) as Record<string, unknown> | undefined) };
  const others = ((Reflect.getMetadata(OPENAPI_SECURITY, method) ?? []) as object[]).filter(
    (other) => !(API_KEY_SECURITY in other),
  );
  // A subclass may open what its base class has closed.
  if (access === 'public') Reflect.deleteProperty(extensions, REQUIRED_SCOPES);
  else extensions[REQUIRED_SCOPES] = access;
  Reflect.defineMetadata(OPENAPI_EXTENSIONS, extensions, method);
  Reflect.defineMetadata(OPENAPI_SECURITY, access === 'public' ? others : [...others, requirement], method);
}

function declaredTwice(name: string): Error {
  return new Error(`${name} declares twice who may call it: name all scopes in one @RequireScopes().`);
}
