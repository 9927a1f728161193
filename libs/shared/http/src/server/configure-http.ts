import { ApplicationConfig } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiErrorFilter } from '../errors/api-error.filter.js';
import { RequestValidationPipe } from '../validation/request-validation.pipe.js';
import { keepBodiesRaw } from './raw-body.js';
import { addSecurityHeaders } from './security-headers.js';

/**
 * Gives an application FastAPI's way with requests and errors. Call it once, on an application made with
 * createFastifyAdapter() and `{ bodyParser: false }`, before init() or listen().
 */
export function configureHttp(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  keepBodiesRaw(instance);
  addSecurityHeaders(instance);
  // First in the list is last in line: a filter that a module provides (APP_FILTER) goes before this one.
  app.get(ApplicationConfig).getGlobalFilters().unshift(new ApiErrorFilter());
  app.useGlobalPipes(new RequestValidationPipe());
}
