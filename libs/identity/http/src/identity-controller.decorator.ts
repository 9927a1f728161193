import { PlainJsonType, RefuseUndeclaredQuery } from '@feather-identity/shared-http';
import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdentityErrorFilter } from './errors/identity-error.filter.js';

/**
 * A controller of the identity API, which answers errors itself, whatever filters the application has. It refuses
 * fields and parameters that are not declared, unless `@IgnoreExtra()` says otherwise.
 */
export function IdentityController(path: string): ClassDecorator {
  return applyDecorators(
    ApiTags('identity'),
    UseFilters(IdentityErrorFilter),
    RefuseUndeclaredQuery(),
    PlainJsonType(),
    Controller(`v1/identity/${path}`),
  );
}
