import { IdentityError } from '@feather-identity/core';
import { ApiErrorFilter } from '@feather-identity/shared-http';
import { type ArgumentsHost, Catch } from '@nestjs/common';
import { challengeOf } from '../authentication/caller-of-request.js';
import { toApiError } from './identity-error.mapper.js';

/** Answers what our controllers throw, refusals of the core among it, in any application that mounts them. */
@Catch()
export class ContractErrorFilter extends ApiErrorFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<object>();
    super.catch(error instanceof IdentityError ? toApiError(error, challengeOf(request)) : error, host);
  }
}
