import { IdentityError } from '@feather-identity/core';
import { ApiErrorFilter } from '@feather-identity/shared-http';
import { type ArgumentsHost, Catch } from '@nestjs/common';
import { toApiError } from './identity-error.mapper.js';

/** Answers refusals of the core as ErrorResponse, in any host that imports the module. */
@Catch(IdentityError)
export class IdentityErrorFilter extends ApiErrorFilter {
  override catch(refusal: IdentityError, host: ArgumentsHost): void {
    super.catch(toApiError(refusal), host);
  }
}
