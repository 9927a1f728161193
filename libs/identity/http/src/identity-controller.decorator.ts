import { RefuseUndeclaredQuery } from '@feather-identity/shared-http';
import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdentityErrorFilter } from './errors/identity-error.filter.js';

/**
 * A controller of the identity API, with answers of its own to errors whatever the application's filters are. What its
 * requests say beyond what is declared is refused, unless `@IgnoreExtra()` says otherwise.
 */
export function IdentityController(path: string): ClassDecorator {
  return applyDecorators(
    ApiTags('identity'),
    UseFilters(IdentityErrorFilter),
    RefuseUndeclaredQuery(),
    Controller(`v1/identity/${path}`),
  );
}
