import 'reflect-metadata';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { THINGS } from './paths.mjs';
import { route } from './route.mjs';

/**
 * A NestJS app on Fastify with one route that answers a small JSON. `guard` stands before that route, `access` is a
 * decorator of it, and `prepare` may add hooks before the app listens.
 */
export async function startMinimalApp({ imports = [], guard, access, prepare = () => undefined }) {
  class ThingsController {
    list() {
      return { id: 1, name: 'feather' };
    }
  }
  route(ThingsController, 'list', ...(access === undefined ? [] : [access]), Get());
  if (guard !== undefined) UseGuards(guard)(ThingsController);
  Controller(THINGS)(ThingsController);
  class AppModule {}
  Module({ imports, controllers: [ThingsController] })(AppModule);
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false, abortOnError: false });
  await prepare(app);
  await app.listen(0, '127.0.0.1');
  return { port: app.getHttpServer().address().port, close: () => app.close() };
}
