import { ErrorResponse } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';

/** Name of the security scheme in the OpenAPI document. */
export const API_KEY_SECURITY = 'APIKeyHeader';

/** Documents what every protected operation may answer. */
export function ApiProtectedOperation(): MethodDecorator {
  return applyDecorators(
    ApiSecurity(API_KEY_SECURITY),
    ApiResponse({ status: 400, description: 'Bad request', type: ErrorResponse }),
    ApiResponse({ status: 401, description: 'Authentication required', type: ErrorResponse }),
    ApiResponse({ status: 429, description: 'Too many failed authentications', type: ErrorResponse }),
    ApiResponse({ status: 503, description: 'Service unavailable', type: ErrorResponse }),
  );
}
