import { identityEntities } from '@feather-identity/infra';
import { createFastifyAdapter } from '@feather-identity/shared-http/server';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { readEnvironment } from '../environment/environment.js';
import { GivenSettings } from '../environment/given-settings.js';
import { createServiceIdentity } from '../services/identity.js';
import { loadPeppers } from '../services/peppers.js';
import { createOpenApiDocument } from './openapi-document.js';

/** The OpenAPI document of the service, made without a running service, a database or settings. */
export async function describeApi(): Promise<OpenAPIObject> {
  const env = readEnvironment(new GivenSettings({}), false);
  const dataSource = await emptyDatabase().initialize();
  try {
    const module = AppModule.register(env, createServiceIdentity(env, dataSource, { peppers: () => loadPeppers(env) }));
    const app = await NestFactory.create(module, createFastifyAdapter(), { logger: false });
    return createOpenApiDocument(app);
  } finally {
    await dataSource.destroy();
  }
}

/** Without tables: a description needs no more than the routes. */
function emptyDatabase(): DataSource {
  const type = 'better-sqlite3';
  return new DataSource({ type, database: ':memory:', entities: identityEntities(type) });
}
