import type { Caller } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { refuseField } from '../errors/refuse-call.js';
import { toApiError } from '../errors/identity-error.mapper.js';
import type { HeaderResponse } from '../header-response.js';
import { getCaller, requireCaller, isOneExchange, notAuthenticated, nodeRequestOf } from './caller-of-request.js';
import { requestOf } from './guarded-request.js';
import { HandlerCall } from './handler-call.js';

/** The type of `@CurrentCaller({ optional: true })`: it compiles only on parameters that may be undefined. */
export type OptionalParameter = <Target extends object, Method extends string | symbol, Index extends number>(
  target: Target,
  method: Method,
  index: Method extends keyof Target
    ? Target[Method] extends (...parameters: infer Parameters extends unknown[]) => unknown
      ? undefined extends Parameters[Index]
        ? Index
        : 'an optional caller may be undefined'
      : never
    : Index,
) => void;

/**
 * The authenticated `Caller` as a parameter of a handler, a GraphQL resolver or a WebSocket gateway. If the request was
 * not authenticated, the response is 401; with `{ optional: true }` the parameter is undefined instead.
 *
 * @example
 * ```ts
 * @RequireScopes('orders:read')
 * @Get()
 * list(@CurrentCaller() caller: Caller) {
 *   return this.orders.list(caller.organization.id);
 * }
 * ```
 */
export const CurrentCaller = createParamDecorator((options: unknown, context: ExecutionContext): Caller | undefined => {
  const isOptional = (options as { readonly optional?: boolean } | undefined)?.optional === true;
  const type = context.getType<string>();
  if (type === 'http') {
    const http = context.switchToHttp();
    const request = http.getRequest<object>();
    return isOptional ? getCaller(request) : requireCaller(request, http.getResponse<HeaderResponse>());
  }
  try {
    const caller = type === 'graphql' ? callerOfField(context) : HandlerCall.begun(context)?.caller;
    if (caller === undefined && !isOptional) throw toApiError(notAuthenticated());
    return caller;
  } catch (error) {
    throw type === 'graphql' ? refuseField(error) : error;
  }
}) as {
  (options: { readonly optional: true }, ...pipes: unknown[]): OptionalParameter;
  (...optionsOrPipes: unknown[]): ParameterDecorator;
};

/** Guards run for the top-level fields of an operation, and for nested ones only if the application enables them there. */
function callerOfField(context: ExecutionContext): Caller | undefined {
  const call = HandlerCall.begun(context);
  if (call?.caller !== undefined) return call.caller;
  const request = nodeRequestOf(requestOf(context));
  return isOneExchange(request) ? getCaller(request) : undefined;
}
