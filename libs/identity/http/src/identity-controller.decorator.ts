import { PlainJsonType, RefuseUndeclaredQuery } from '@feather-identity/shared-http';
import { applyDecorators, Controller, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ContractErrorFilter } from './errors/contract-error.filter.js';

/**
 * A controller of the identity API, which answers errors itself, whatever filters the application has. It refuses
 * fields and parameters that are not declared, unless `@IgnoreExtra()` says otherwise.
 *
 * @param path - what comes after `v1/identity/`
 * @param tag - the group of its operations in the OpenAPI document. Default: that of the Feather API
 */
export function IdentityController(path: string, tag = 'identity'): ClassDecorator {
  return applyDecorators(
    ApiTags(tag),
    UseFilters(ContractErrorFilter),
    RefuseUndeclaredQuery(),
    PlainJsonType(),
    // The path has the version of the API already. That of the application is its own.
    Controller({ path: `v1/identity/${path}`, version: VERSION_NEUTRAL }),
  );
}
