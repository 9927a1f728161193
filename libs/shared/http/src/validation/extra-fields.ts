import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { RequestValidationError, type ValidationErrorDetail } from '../errors/request-validation-error.js';
import { fromPlain, type JsonValue } from '../json/json-value.js';
import { MAX_DETAILS } from './validation-issue.js';

/** What Nest's route decorators and `@Query()` write. */
const ROUTE = 'path';
const ROUTE_ARGUMENTS = '__routeArguments__';
const QUERY_ARGUMENT = /^4:/;

const ignoring = new WeakSet<object>();
const ignored = new WeakMap<object, readonly string[]>();

/**
 * On a DTO class: ignores fields that the class does not have, as Pydantic does by default. Without it they are 422. On a
 * handler that declares no query: ignores every query parameter, where `@RefuseUndeclaredQuery()` would refuse it.
 *
 * @see {@link ignoredFields} for the names of what was ignored.
 */
export function IgnoreExtra(): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    ignoring.add(descriptor === undefined ? target : (descriptor.value as object));
  };
}

/**
 * Whether a class or handler has `@IgnoreExtra()`.
 *
 * @param target - A DTO class, or the function of a handler.
 */
export function isExtraIgnored(target: object): boolean {
  return ignoring.has(target);
}

const queryCheck: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    refuseParameters(context.switchToHttp().getRequest<{ readonly query: Parameters }>().query);
    return true;
  },
};

/**
 * Refuses query parameters with 422 on all handlers of this controller that declare no query, except those with
 * `@IgnoreExtra()`. It is a guard, so that the application's guards come first and a stranger gets 401.
 */
export function RefuseUndeclaredQuery(): ClassDecorator {
  return (controller) => {
    const prototype = controller.prototype as Record<string, object>;
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const handler: unknown = descriptor.value;
      if (typeof handler !== 'function' || !Reflect.hasMetadata(ROUTE, handler)) continue;
      if (isExtraIgnored(handler) || declaresQuery(controller, name)) continue;
      UseGuards(queryCheck)(prototype, name, descriptor);
    }
  };
}

function declaresQuery(controller: object, name: string): boolean {
  const declared = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, name) as object | undefined;
  return Object.keys(declared ?? {}).some((key) => QUERY_ARGUMENT.test(key));
}

/** Throws RequestValidationError for a query that has any parameter. */
function refuseParameters(parameters: Parameters): void {
  const names = Object.keys(parameters);
  if (names.length === 0) return;
  throw new RequestValidationError(extraIssues(names, toValues(parameters), ['query']));
}

/** The parameters of a query, as the application has parsed them. Repeated ones are lists. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Pydantic's entries for fields that a model does not have, in the order in which they came. */
export function extraIssues(
  names: readonly string[],
  values: Map<string, JsonValue>,
  at: readonly (string | number)[],
) {
  return names.slice(0, MAX_DETAILS).map((name): ValidationErrorDetail => ({
    type: 'extra_forbidden',
    loc: [...at, name],
    msg: 'Extra inputs are not permitted',
    input: values.get(name) ?? null,
  }));
}

/** A query as JSON. */
export function toValues(parameters: Parameters): Map<string, JsonValue> {
  return new Map(Object.entries(parameters).map(([name, value]) => [name, fromPlain(value)]));
}

/** Notes which fields were left out of an object that ignores extra ones. */
export function noteIgnored(read: object, names: readonly string[]): void {
  if (names.length > 0) ignored.set(read, names);
}

/**
 * The names of fields that came with a DTO, and that its class with `@IgnoreExtra()` does not have.
 *
 * @param read - A DTO that a validation pipe has made.
 * @returns The names in the order in which they came; none if there were none.
 */
export function ignoredFields(read: object): readonly string[] {
  return ignored.get(read) ?? [];
}
