import type { OPERATOR_SCOPES } from '@feather-identity/core';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { FASTIFY_ROUTE_CONFIG, ROUTE_ACCESS } from '../authentication/route-access.js';

/** The name under which a route declares its operator scopes: in Nest's metadata for the guard, in Fastify's config. */
export const OPERATOR_ACCESS = 'featherIdentityOperatorAccess';

/** A scope of operator keys. */
export type OperatorScope = (typeof OPERATOR_SCOPES)[number];

/**
 * Opens a route of an `@OperatorController()` to operator keys that hold this scope. What guards the routes of
 * organizations lets it pass: keys of organizations are refused by `OperatorAuthentication`.
 */
export function RequireOperatorScope(scope: OperatorScope): MethodDecorator {
  return applyDecorators(
    SetMetadata(ROUTE_ACCESS, 'public'),
    SetMetadata(OPERATOR_ACCESS, scope),
    SetMetadata(FASTIFY_ROUTE_CONFIG, { [ROUTE_ACCESS]: 'public', [OPERATOR_ACCESS]: scope }),
    ApiExtension('x-required-scopes', [scope]),
  );
}

/** The operator scope that the configuration of a Fastify route declares; undefined for a route of another API. */
export function operatorScopeOf(config: object | undefined): OperatorScope | undefined {
  return config !== undefined && OPERATOR_ACCESS in config ? (config[OPERATOR_ACCESS] as OperatorScope) : undefined;
}
