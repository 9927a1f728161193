import { PlainJsonType, RefuseUndeclaredQuery } from '@feather-identity/shared-http';
import { applyDecorators, Controller, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiParam, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ContractErrorFilter } from '../errors/contract-error.filter.js';
import { DocumentedOperation, type Operation } from '../protected-operation.decorator.js';
import { EXAMPLE } from '../openapi-examples.js';
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
    UseFilters(ContractErrorFilter),
    RefuseUndeclaredQuery(),
    // Above the check of the query, which comes after it: a stranger gets 401.
    UseGuards(OperatorGuard),
    PlainJsonType(),
    Controller({ path: `${OPERATOR_PATH}/${path}`, version: VERSION_NEUTRAL }),
  );
  return decorate;
}

/** As `Operation`, and the scope and ids in the path. */
interface OperatorOperationOptions extends Omit<Operation, 'scopes'> {
  readonly scope: OperatorScope;
  readonly ids?: readonly (keyof typeof PARAMETERS)[];
}

const PARAMETERS = {
  organization_id: ['Organization Id', EXAMPLE.organizationId],
  member_id: ['Member Id', EXAMPLE.memberId],
  key_id: ['Key Id', EXAMPLE.keyId],
} as const;

/** Documents an id in the path. */
function IdParameter(name: keyof typeof PARAMETERS): MethodDecorator {
  const [title, example] = PARAMETERS[name];
  const schema = { type: 'string' as const, format: 'uuid', title, examples: [example] };
  return ApiParam({ name, schema, description: `The ${title.toLowerCase().replace(' id', '')}.` });
}

/** Requires an operator key with the scope of the operation, and documents it with everything that refuses it. */
export function OperatorOperation({
  scope,
  ids = [],
  ...operation
}: OperatorOperationOptions): (prototype: object, name: string | symbol, descriptor: PropertyDescriptor) => void {
  const description = `${operation.description}\n\nFor operators, in all organizations. 404 until there is an operator key.`;
  return applyDecorators(
    RequireOperatorScope(scope),
    ApiSecurity(OPERATOR_KEY_SECURITY),
    ...ids.map(IdParameter),
    DocumentedOperation(
      { ...operation, description, scopes: [scope], refusals: { 404: {}, ...operation.refusals } },
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
