import { GuardedOrdersModule } from '@feather-identity/http/testing';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

/** What NestJS applications run on. */
export type Platform = keyof typeof ADAPTERS;
export const PLATFORMS = Object.keys(ADAPTERS) as Platform[];

/** Somebody else's application behind the guard of this module, on a port of its own. */
export async function startGuardedApp(platform: Platform, identity: DynamicModule): Promise<INestApplication> {
  const app = await NestFactory.create(GuardedOrdersModule.behind(identity), ADAPTERS[platform](), { logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
}
