import { ApiKeyGuard, IdentityErrorFilter } from '@feather-identity/http';
import { type DynamicModule, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { accounts } from './accounts/accounts.module.js';
import { databaseOptions } from './database.js';
import type { Environment } from './environment.js';
import { identity } from './identity.js';
import { OrdersModule } from './orders/orders.module.js';

/** Orders of a shop's customers, guarded by API keys. */
@Module({})
export class AppModule {
  static register(environment: Environment): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot(databaseOptions(environment)),
        identity(environment),
        OrdersModule,
        ...accounts(environment),
      ],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: IdentityErrorFilter },
        {
          provide: APP_PIPE,
          useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
        },
      ],
    };
  }
}
