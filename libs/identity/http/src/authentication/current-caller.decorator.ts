import type { Caller } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HeaderResponse } from '../header-response.js';
import { demandCaller } from './caller-of-request.js';

/** The authenticated `Caller` as a handler's parameter. Answers 401 where nobody was authenticated. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const http = context.switchToHttp();
  return demandCaller(http.getRequest<object>(), http.getResponse<HeaderResponse>());
});
