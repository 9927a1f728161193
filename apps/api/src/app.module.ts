import type { RateLimitStore } from '@feather-identity/core';
import { ApiKeyGuard, IdentityModule } from '@feather-identity/http';
import { PepperRing } from '@feather-identity/infra';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { Environment } from './environment/environment.js';
import { HealthController } from './health/health.controller.js';
import type { ServiceIdentity } from './services/identity.js';

/** The service: the identity API, closed by default, and its health probes. */
@Module({})
export class AppModule {
  static register(env: Environment, serviceIdentity: ServiceIdentity, rateLimitStore?: RateLimitStore): DynamicModule {
    const { dataSource, hashingQueue: _, leaseWaits: __, peppers, ...identity } = serviceIdentity;
    const { flushSeconds, failuresPerMinute, requestsPerMinute, acceptBearer, publicUrl } = env;
    return {
      module: AppModule,
      imports: [
        IdentityModule.forRoot({
          ...identity,
          operatorApi: true,
          console: env.console,
          flushSeconds,
          acceptBearer,
          rateLimitStore,
          ...(failuresPerMinute === null ? {} : { failuresPerMinute }),
          ...(requestsPerMinute === null ? {} : { requestsPerMinute }),
          ...(publicUrl === null ? {} : { publicUrl }),
        }),
      ],
      controllers: [HealthController],
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: PepperRing, useValue: peppers },
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
      ],
    };
  }
}
