import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { readEnvironment } from './environment.js';
import { firstKey } from './first-key.js';

const environment = readEnvironment();
const app = await NestFactory.create(AppModule.register(environment), { logger: ['warn', 'error', 'fatal'] });
app.enableShutdownHooks();
const key = environment.identityService === null ? await firstKey(app) : null;
if (key !== null) console.log(`API key (shown once): ${key}`);
await app.listen(environment.port, '127.0.0.1');
console.log(`Orders are served on ${await app.getUrl()}`);
