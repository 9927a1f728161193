// Somebody else's application, guarded by a running service: what the tests of remote mode talk to. OPTIONS is the JSON
// of what IdentityClientModule.forRoot takes.
import { IdentityClientModule } from '@feather-identity/http';
import { GuardedOrdersModule } from '@feather-identity/http/testing';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const identity = IdentityClientModule.forRoot(JSON.parse(process.env.OPTIONS ?? ''));
const app = await NestFactory.create(GuardedOrdersModule.behind(identity), new FastifyAdapter());
await app.listen(0, '127.0.0.1');
process.stdout.write(`listening at ${await app.getUrl()}\n`);
