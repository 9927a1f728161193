import { PlainJsonType, RefuseUndeclaredQuery } from '@feather-identity/shared-http';
import { applyDecorators, Controller, UseFilters, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdentityErrorFilter } from '../errors/identity-error.filter.js';
import { DocumentedOperation, type Operation } from '../protected-operation.decorator.js';
import { type OperatorScope, RequireOperatorScope } from './operator-access.js';
import { OPERATOR_PATH, OperatorGuard } from './operator-authentication.js';

/** Name of the security scheme of operator keys in the OpenAPI document. */
export const OPERATOR_KEY_SECURITY = 'OperatorKeyHeader';

/**
 * A controller of the operator API, guarded in any application, which answers errors itself.
 *
 * @param path - what comes after `v1/operator/`
 */
export function OperatorController(path: string): ClassDecorator {
  const decorate = applyDecorators(
    ApiTags('operator'),
    UseFilters(IdentityErrorFilter),
    RefuseUndeclaredQuery(),
    // Above the check of the query, which comes after it: a stranger gets 401.
    UseGuards(OperatorGuard),
    PlainJsonType(),
    Controller(`${OPERATOR_PATH}/${path}`),
  );
  return decorate;
}

/** Requires an operator key with the scope of the operation, and documents it with everything that refuses it. */
export function OperatorOperation({
  scope,
  ...operation
}: Omit<Operation, 'scopes'> & { readonly scope: OperatorScope }): (
  prototype: object,
  name: string | symbol,
  descriptor: PropertyDescriptor,
) => void {
  const description = `${operation.description}\n\nFor operators, in all organizations. 404 until there is an operator key.`;
  return applyDecorators(
    RequireOperatorScope(scope),
    DocumentedOperation(
      { ...operation, description, scopes: [scope], refusals: { 404: {}, ...operation.refusals } },
      OPERATOR_KEY_SECURITY,
      {
        401: 'there is no valid operator key in `x-api-key`. The answer is the same for every reason.',
        403: 'the operator key lacks a scope.',
        404: 'there is no such organization, member or key, or no operator key yet.',
        409: 'the state of the organization, the member or the key forbids it.',
        429: 'the address has failed too often, or too many keys wait to be hashed.',
      },
    ),
  );
}
