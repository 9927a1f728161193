import { mkdirSync } from 'node:fs';
import {
  ApiKeyGuard,
  type Caller,
  CurrentCaller,
  IdentityErrorFilter,
  IdentityModule,
  RequireScopes,
} from '@feather-identity/http';
import {
  createTypeOrmIdentity,
  identityEntities,
  identityMigrations,
  readOrCreatePepperFile,
  setSqlitePragmas,
} from '@feather-identity/infra';
import { Controller, Get, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AccountsController } from './accounts.controller.js';
import { CreateUsers1764900000000, User } from './user.js';

const { DATA = './data', PORT = '3000' } = process.env;

/** What customers call with their keys. */
@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() { organization, member }: Caller) {
    return { customer: organization.name, user: member.email, orders: ['tea'] };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: `${DATA}/orders.db`,
      prepareDatabase: setSqlitePragmas,
      entities: [User, ...identityEntities('better-sqlite3')],
      migrations: [CreateUsers1764900000000, ...identityMigrations()],
      migrationsRun: true,
    }),
    IdentityModule.forRootAsync({
      inject: [DataSource],
      useFactory: async (dataSource: DataSource) => {
        // In production: readPepperFile, from a place that no backup of the database has.
        const peppers = await readOrCreatePepperFile(`${DATA}/peppers`);
        return createTypeOrmIdentity({ dataSource, keyNamespace: 'shop', peppers });
      },
      controllers: false, // customers manage their keys by the routes below, not by ours
    }),
  ],
  controllers: [AccountsController, OrdersController],
  providers: [
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
    { provide: APP_FILTER, useClass: IdentityErrorFilter },
    { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }) },
  ],
})
class AppModule {}

mkdirSync(DATA, { recursive: true });
const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.enableShutdownHooks();
await app.listen(PORT, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
