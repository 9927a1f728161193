import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ApiKeyGuard } from '../authentication/api-key.guard.js';
import { GuardedOrdersController } from './guarded-orders.controller.js';
import { GuardedTenantsController, TenantMiddleware } from './guarded-tenants.controller.js';
import { OrderPipe, SoldOutFilter } from './order.js';

/** An application with routes of each kind, and with a global filter and pipe and a middleware of its own. */
@Module({})
export class GuardedOrdersModule implements NestModule {
  /** The application behind the guard of `IdentityModule.forRoot(...)` or `IdentityClientModule.forRoot(...)`. */
  static behind(identity: DynamicModule): DynamicModule {
    return {
      module: GuardedOrdersModule,
      imports: [identity],
      controllers: [GuardedOrdersController, GuardedTenantsController],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: SoldOutFilter },
        { provide: APP_PIPE, useClass: OrderPipe },
      ],
    };
  }
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(TenantMiddleware).forRoutes(GuardedTenantsController);
  }
}
