import type { Caller } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { refuseField } from '../errors/refuse-call.js';
import { toApiError } from '../errors/identity-error.mapper.js';
import type { HeaderResponse } from '../header-response.js';
import { getCaller, requireCaller, isOneExchange, notAuthenticated, nodeRequestOf } from './caller-of-request.js';
import { requestOf } from './guarded-request.js';
import { HandlerCall } from './handler-call.js';

/**
 * The authenticated `Caller` as a parameter of a handler, also of a GraphQL resolver or a WebSocket gateway. If the request
 * was not authenticated, the answer is 401.
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
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const type = context.getType<string>();
  if (type === 'http') {
    const http = context.switchToHttp();
    return requireCaller(http.getRequest<object>(), http.getResponse<HeaderResponse>());
  }
  if (type !== 'graphql') {
    const { caller } = HandlerCall.begun(context) ?? {};
    if (caller === undefined) throw toApiError(notAuthenticated());
    return caller;
  }
  try {
    return callerOfField(context);
  } catch (error) {
    throw refuseField(error);
  }
});

/** Guards run for the top-level fields of an operation, and for nested ones only if the application enables them there. */
function callerOfField(context: ExecutionContext): Caller {
  const call = HandlerCall.begun(context);
  if (call?.caller !== undefined) return call.caller;
  const request = nodeRequestOf(requestOf(context));
  const caller = isOneExchange(request) ? getCaller(request) : undefined;
  if (caller === undefined) throw notAuthenticated();
  return caller;
}
