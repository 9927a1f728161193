// For applications that only throw these errors: it needs @nestjs/common and nothing else.
export { ApiError, type ApiErrorInit } from './api-error.js';
