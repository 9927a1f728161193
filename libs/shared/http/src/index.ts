export { ApiError, type ApiErrorInit } from './errors/api-error.js';
export { ApiErrorFilter } from './errors/api-error.filter.js';
export { ErrorResponse, HTTPValidationError, ValidationError } from './errors/openapi-schemas.js';
export { RequestValidationError, type ValidationErrorDetail } from './errors/request-validation-error.js';
export type { JsonValue } from './json/json-value.js';
export { jsonArrayStream } from './json/write.js';
export { Nullable, Optional, OptionalBody, SecretBody } from './validation/decorators.js';
export { ignoredFields, IgnoreExtra, isExtraIgnored, RefuseUndeclaredQuery } from './validation/extra-fields.js';
export { RequestPipe, RequestValidationPipe } from './validation/request-validation.pipe.js';
