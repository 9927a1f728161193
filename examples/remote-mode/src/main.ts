import type { Caller } from '@feather-identity/core';
import {
  ApiKeyAuthentication,
  ApiKeyGuard,
  CurrentCaller,
  IdentityClientModule,
  RequireScopes,
} from '@feather-identity/http/guard';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

const { IDENTITY_URL: baseUrl = 'http://localhost:8000', IDENTITY_API_KEY: apiKey = '', PORT = '3000' } = process.env;

@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() caller: Caller) {
    return { organization: caller.organization.name, orders: ['tea'] };
  }
}

@Module({
  imports: [IdentityClientModule.forRoot({ baseUrl, apiKey })],
  controllers: [OrdersController],
  providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
app.get(ApiKeyAuthentication).protect(app);
app.enableShutdownHooks();
await app.listen(PORT, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
