import { mkdirSync } from 'node:fs';
import { BootstrapOrganization } from '@feather-identity/core';
import {
  ApiKeyAuthentication,
  ApiKeyGuard,
  type Caller,
  CurrentCaller,
  IdentityModule,
  Public,
  RequireScopes,
} from '@feather-identity/http';
import {
  createTypeOrmIdentity,
  identityEntities,
  identityMigrations,
  readOrCreatePepperFile,
  setSqlitePragmas,
} from '@feather-identity/infra';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

const { DATA = './data', PORT = '3000' } = process.env;

@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() caller: Caller) {
    return { organization: caller.organization.name, orders: ['tea'] };
  }

  @Public()
  @Get('prices')
  prices() {
    return { tea: 800 };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: `${DATA}/orders.db`,
      prepareDatabase: setSqlitePragmas,
      entities: [...identityEntities('better-sqlite3')], // and your own
      migrations: [...identityMigrations()],
      migrationsRun: true,
    }),
    IdentityModule.forRootAsync({
      inject: [DataSource],
      useFactory: async (dataSource: DataSource) => {
        // In production: readPepperFile, from a place that no backup of the database has.
        const peppers = await readOrCreatePepperFile(`${DATA}/peppers`);
        return createTypeOrmIdentity({ dataSource, keyNamespace: 'shop', peppers });
      },
    }),
  ],
  controllers: [OrdersController],
  providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
})
class AppModule {}

mkdirSync(DATA, { recursive: true });
const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
// Refuses a request before Fastify reads its body.
app.get(ApiKeyAuthentication).protect(app);
const first = await app.get(BootstrapOrganization).executeIfEmpty('First customer');
if (first !== null) console.log(`API key (shown once): ${first.token.reveal()}`);
app.enableShutdownHooks();
await app.listen(PORT, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
