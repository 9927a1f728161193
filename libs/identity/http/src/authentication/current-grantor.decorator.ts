import { type Grantor, grantorOf, isStored } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type ClientRequest, knownAddressOf } from '../client-request.js';
import type { HeaderResponse } from '../header-response.js';
import { requireCaller } from './caller-of-request.js';
import { requestIdOf } from './guarded-request.js';

/** The parts of a request that the audit log records. */
interface TracedRequest extends ClientRequest {
  readonly id?: unknown;
}

/** Who authorizes a change, as a parameter of a handler. If the request was not authenticated, the answer is 401. */
export const CurrentGrantor = createParamDecorator((_data: unknown, context: ExecutionContext): Grantor => {
  const http = context.switchToHttp();
  const request = http.getRequest<TracedRequest>();
  const caller = requireCaller(request, http.getResponse<HeaderResponse>());
  if (!isStored(caller))
    throw new Error('Keys are changed where they are stored: this caller was authenticated by another service.');
  return grantorOf(caller, { requestId: requestIdOf(request), sourceAddress: knownAddressOf(request) || null });
});
