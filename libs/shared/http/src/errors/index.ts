// For whoever only throws what the filter answers: no package but @nestjs/common.
export { ApiError, type ApiErrorInit } from './api-error.js';
