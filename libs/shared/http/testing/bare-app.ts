import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { configureHttp, createFastifyAdapter } from '../src/server/index.js';

@Module({})
class BareModule {}

/** Boots an application on a free port that has the routes and hooks of the test, and no others. */
export async function startBareApp(
  prepare: (instance: FastifyInstance) => void,
): Promise<{ app: NestFastifyApplication; port: number }> {
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, createFastifyAdapter(), {
    bodyParser: false,
    logger: false,
  });
  configureHttp(app);
  prepare(app.getHttpAdapter().getInstance());
  await app.listen(0, '127.0.0.1');
  return { app, port: (app.getHttpServer().address() as AddressInfo).port };
}
