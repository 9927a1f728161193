import { ErrorResponse } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { RequireScopes } from './authentication/route-access.js';

/** Name of the security scheme in the OpenAPI document. */
export const API_KEY_SECURITY = 'APIKeyHeader';

/** Requires a key with these scopes, and documents what every such operation may answer. */
export function ProtectedOperation(...scopes: string[]): MethodDecorator {
  const forbidden = ApiResponse({ status: 403, description: 'Permission denied', type: ErrorResponse });
  return applyDecorators(
    RequireScopes(...scopes),
    ApiSecurity(API_KEY_SECURITY),
    ApiResponse({ status: 400, description: 'Bad request', type: ErrorResponse }),
    ApiResponse({ status: 401, description: 'Authentication required', type: ErrorResponse }),
    ...(scopes.length > 0 ? [forbidden] : []),
    ApiResponse({ status: 429, description: 'Too many requests', type: ErrorResponse }),
    ApiResponse({ status: 503, description: 'Service unavailable', type: ErrorResponse }),
  );
}
