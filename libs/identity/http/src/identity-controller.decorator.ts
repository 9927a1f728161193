import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdentityErrorFilter } from './errors/identity-error.filter.js';

/** A controller of the identity API, with answers of its own to errors whatever the application's filters are. */
export function IdentityController(path: string): ClassDecorator {
  return applyDecorators(ApiTags('identity'), UseFilters(IdentityErrorFilter), Controller(`v1/identity/${path}`));
}
