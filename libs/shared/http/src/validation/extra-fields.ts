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
 * Fields beyond those of this class are ignored, as Pydantic does by default; without it they are 422. On a handler that
 * declares no query: every query parameter is.
 */
export function IgnoreExtra(): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    ignoring.add(descriptor === undefined ? target : (descriptor.value as object));
  };
}

/** Whether the class or the handler was marked so. */
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
 * Lets handlers of this controller that declare no query refuse every parameter with 422, but for those with
 * `@IgnoreExtra()`. As a guard, since guards of the application that ask who is calling come before.
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
  throw new RequestValidationError(extraIssues(names, toValues(parameters), 'query'));
}

/** The parameters of a query as the application has parsed them: repeated ones are lists. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Pydantic's faults of fields that a model does not have, in the order in which they came. */
export function extraIssues(names: readonly string[], values: Map<string, JsonValue>, source: string) {
  return names.slice(0, MAX_DETAILS).map((name): ValidationErrorDetail => ({
    type: 'extra_forbidden',
    loc: [source, name],
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

/** What came with this object, read by a class with `@IgnoreExtra()`, and is no field of it. Names only. */
export function ignoredFields(read: object): readonly string[] {
  return ignored.get(read) ?? [];
}
