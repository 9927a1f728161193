import { BootstrapOrganization } from '@feather-identity/core';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { readEnvironment } from './environment.js';

const environment = readEnvironment();
const app = await NestFactory.create(AppModule.register(environment), { logger: ['warn', 'error', 'fatal'] });
app.enableShutdownHooks();
if (environment.identityService === null && environment.production) {
  // Standard output ends up in log stores.
  console.log('In production the start creates no key. Run: node apps/sample-orders/dist/create-organization.js NAME');
} else if (environment.identityService === null) {
  // Further customers come by POST /sign-up.
  const first = await app.get(BootstrapOrganization).executeIfEmpty('First customer');
  if (first !== null) console.log(`API key (shown once): ${first.token.reveal()}`);
}
await app.listen(environment.port, '127.0.0.1');
console.log(`Orders are served on ${await app.getUrl()}`);
