import { type Grantor, grantorOf, isStored } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HeaderResponse } from '../header-response.js';
import { requireCaller } from './caller-of-request.js';

/** A request of Fastify or Express, as far as the audit log names it. */
interface TracedRequest {
  readonly id?: unknown;
  readonly ip?: string;
}

/** On whose word a handler changes something, as its parameter. Answers 401 where nobody was authenticated. */
export const CurrentGrantor = createParamDecorator((_data: unknown, context: ExecutionContext): Grantor => {
  const http = context.switchToHttp();
  const request = http.getRequest<TracedRequest>();
  const { id, ip = null } = request;
  const caller = requireCaller(request, http.getResponse<HeaderResponse>());
  if (!isStored(caller))
    throw new Error('Keys are changed where they are stored: this caller was asked for elsewhere.');
  return grantorOf(caller, { requestId: typeof id === 'string' ? id : null, sourceAddress: ip });
});
