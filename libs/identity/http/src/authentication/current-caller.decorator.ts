import type { Caller } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { refuseField } from '../errors/refuse-call.js';
import { toApiError } from '../errors/identity-error.mapper.js';
import type { HeaderResponse } from '../header-response.js';
import { getCaller, requireCaller, isOneExchange, nobody, nodeRequestOf } from './caller-of-request.js';
import { requestOf } from './guarded-request.js';
import { HandlerCall } from './handler-call.js';

/**
 * The authenticated `Caller` as a handler's parameter, also of a GraphQL resolver or a WebSocket gateway. Answers 401
 * where nobody was authenticated.
 */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const type = context.getType<string>();
  if (type === 'http') {
    const http = context.switchToHttp();
    return requireCaller(http.getRequest<object>(), http.getResponse<HeaderResponse>());
  }
  if (type !== 'graphql') {
    const { caller } = HandlerCall.begun(context) ?? {};
    if (caller === undefined) throw toApiError(nobody());
    return caller;
  }
  try {
    return callerOfField(context);
  } catch (error) {
    throw refuseField(error);
  }
});

/** Guards look at the fields that an operation begins with, and not at those inside them unless they are asked to. */
function callerOfField(context: ExecutionContext): Caller {
  const call = HandlerCall.begun(context);
  if (call?.caller !== undefined) return call.caller;
  const request = nodeRequestOf(requestOf(context));
  const caller = isOneExchange(request) ? getCaller(request) : undefined;
  if (caller === undefined) throw nobody();
  return caller;
}
