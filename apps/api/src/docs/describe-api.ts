import { randomBytes } from 'node:crypto';
import { createFastifyAdapter } from '@feather-identity/shared-http/server';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { readEnvironment } from '../environment/environment.js';
import { createSecretHasher } from '../services/issuing.js';
import { type Persistence, persistenceIn } from '../services/persistence.js';
import { createOpenApiDocument } from './openapi-document.js';

/** The OpenAPI document of the service, made without a running service, a database or settings. */
export async function describeApi(): Promise<OpenAPIObject> {
  const env = readEnvironment({ SECRET_PEPPERS: `1:${randomBytes(32).toString('base64url')}` }, false);
  const module = AppModule.register(env, unopened(), await createSecretHasher(env));
  const app = await NestFactory.create(module, createFastifyAdapter(), { logger: false });
  return createOpenApiDocument(app);
}

/** Connects to nothing: the application is not initialized, because the description needs only its routes. */
function unopened(): Persistence {
  return persistenceIn(new DataSource({ type: 'better-sqlite3', database: ':memory:' }));
}
