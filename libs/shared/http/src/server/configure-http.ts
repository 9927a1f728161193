import { ApplicationConfig } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiErrorFilter } from '../errors/api-error.filter.js';
import { RequestValidationPipe } from '../validation/request-validation.pipe.js';

/**
 * Gives an application FastAPI's way with requests and errors: `RequestValidationPipe` for every handler, and
 * `ApiErrorFilter` behind the application's own filters. Call it once, before `init()` or `listen()`.
 *
 * @param app - An application created with `createFastifyAdapter()` and `{ bodyParser: false }`.
 */
export function configureHttp(app: NestFastifyApplication): void {
  // Nest asks filters from the last to the first, so one that a module provides (APP_FILTER) comes before this one.
  app.get(ApplicationConfig).getGlobalFilters().unshift(new ApiErrorFilter());
  app.useGlobalPipes(new RequestValidationPipe());
}
