import { mkdirSync } from 'node:fs';
import { BootstrapOrganization } from '@feather-identity/core';
import { type Caller, CurrentCaller, IdentityModule, RequireScopes } from '@feather-identity/http';
import {
  createTypeOrmIdentity,
  identityEntities,
  identityMigrations,
  readOrCreatePepperFile,
  setSqlitePragmas,
} from '@feather-identity/infra';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { JWT_SECRET, JwtGuard, KeyOrJwtGuard, type User } from './key-or-jwt.guard.js';

const { DATA = './data', PORT = '3000' } = process.env;

@Controller('orders')
class OrdersController {
  /** For keys that have the scope, and for users. */
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller({ optional: true }) caller: Caller | undefined, @Req() { user }: { user?: User }) {
    return { for: caller?.organization.name ?? user?.name, orders: ['tea'] };
  }

  /** For keys alone: the parameter refuses users. */
  @RequireScopes('orders:read')
  @Get('export')
  export(@CurrentCaller() caller: Caller) {
    return { for: caller.organization.name, csv: 'tea' };
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
  providers: [JwtGuard, { provide: APP_GUARD, useClass: KeyOrJwtGuard }],
})
class AppModule {}

if (JWT_SECRET.length < 32) throw new Error('JWT_SECRET must have at least 32 characters: openssl rand -base64 32');
mkdirSync(DATA, { recursive: true });
const app = await NestFactory.create(AppModule, { logger: ['error'] });
const first = await app.get(BootstrapOrganization).executeIfEmpty('First customer');
if (first !== null) console.log(`API key (shown once): ${first.token.reveal()}`);
const jwt = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject('ann').setExpirationTime('1h');
console.log(`JWT of the user ann: ${await jwt.sign(JWT_SECRET)}`);
app.enableShutdownHooks();
await app.listen(PORT, '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
