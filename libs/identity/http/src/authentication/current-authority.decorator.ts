import { type Authority, authorityOf } from '@feather-identity/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { demandCaller } from './caller-of-request.js';

/** A request of Fastify or Express, as far as the audit log names it. */
interface TracedRequest {
  readonly id?: unknown;
  readonly ip?: string;
}

/** On whose word a handler changes something, as its parameter. Answers 401 where nobody was authenticated. */
export const CurrentAuthority = createParamDecorator((_data: unknown, context: ExecutionContext): Authority => {
  const request = context.switchToHttp().getRequest<TracedRequest>();
  const { id, ip = null } = request;
  return authorityOf(demandCaller(request), { requestId: typeof id === 'string' ? id : null, sourceAddress: ip });
});
