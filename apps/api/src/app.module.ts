import { type SecretHasher } from '@feather-identity/core';
import { LruProofCache } from '@feather-identity/infra';
import { ApiKeyGuard, IdentityModule } from '@feather-identity/http';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { Environment } from './environment/environment.js';
import { HealthController } from './health/health.controller.js';
import { ids, random } from './services/issuing.js';
import type { Persistence } from './services/persistence.js';

/** The service: the identity API, closed by default, and its health probes. */
@Module({})
export class AppModule {
  static register(env: Environment, persistence: Persistence, secretHasher: SecretHasher): DynamicModule {
    const { apiKeys, organizations, auditLog, leases, observations, clock, dataSource } = persistence;
    return {
      module: AppModule,
      imports: [
        IdentityModule.forRoot({
          apiKeys,
          organizations,
          auditLog,
          leases,
          observations,
          secretHasher,
          proofs: new LruProofCache(),
          tokenFormat: env.tokenFormat,
          random,
          ids,
          clock,
          importedKeys: env.importedKeys ?? undefined,
          flushSeconds: env.flushSeconds,
          maxKeysPerOrganization: env.maxKeysPerOrganization,
          ...(env.failuresPerMinute === null ? {} : { failuresPerMinute: env.failuresPerMinute }),
          ...(env.requestsPerMinute === null ? {} : { requestsPerMinute: env.requestsPerMinute }),
        }),
      ],
      controllers: [HealthController],
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
      ],
    };
  }
}
