import { Organizations } from '@feather-identity/http';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { readEnvironment } from './environment.js';

// node apps/sample-orders/dist/create-organization.js NAME

const [name = ''] = process.argv.slice(2);
const environment = readEnvironment();
if (environment.identityService !== null)
  throw new Error('The keys are in the identity service: create organizations there.');
const app = await NestFactory.createApplicationContext(AppModule.register(environment), {
  logger: ['warn', 'error', 'fatal'],
});
const { firstKey } = await app.get(Organizations).create({ name, firstKey: { scopes: ['*'] } });
console.log(`API key (shown once): ${firstKey?.token}`);
await app.close();
