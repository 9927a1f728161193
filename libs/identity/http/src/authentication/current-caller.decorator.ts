import { type Caller, IdentityError } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { callerOf } from './caller-of-request.js';

/** The authenticated `Caller` as a handler's parameter. Answers 401 where nobody was authenticated. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<object>());
  if (caller === undefined) throw new IdentityError('authentication.required', 'No valid API key was provided.');
  return caller;
});
