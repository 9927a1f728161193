import { ApiKeyAuthentication } from '@feather-identity/http';
import { configureHttp, createFastifyAdapter } from '@feather-identity/shared-http/server';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

// As main.ts, with the service's limits and its answers to everything that is wrong with a request.
const app = await NestFactory.create<NestFastifyApplication>(AppModule, createFastifyAdapter(), { bodyParser: false });
configureHttp(app);
app.get(ApiKeyAuthentication).protect(app);
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
