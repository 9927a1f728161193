import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiExtension, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { RequireScopes } from '../guard.js';

@Controller('orders')
class OrdersController {
  @ApiExtension('x-above', 1)
  @RequireScopes('orders:read')
  @ApiExtension('x-below', 2)
  @Get()
  list(): string[] {
    return [];
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {}

it("an application's description names the scopes of a route, beside the extensions that it declares itself", async () => {
  const app = await NestFactory.create(OrdersModule, new FastifyAdapter(), { logger: false });
  const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  await app.close();

  expect(paths['/orders']?.get).toMatchObject({ 'x-required-scopes': ['orders:read'], 'x-above': 1, 'x-below': 2 });
});
