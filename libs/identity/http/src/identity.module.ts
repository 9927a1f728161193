import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { IdentityErrorFilter } from './errors/identity-error.filter.js';
import { ConfigurableModuleClass } from './identity.module-definition.js';
import { useCaseProviders } from './identity.providers.js';
import { PendingWritesFlusher } from './pending-writes.flusher.js';
import { WhoAmIController } from './whoami/whoami.controller.js';

/**
 * The identity API: issue, list and revoke keys, and tell who is calling. Routes are protected once the host calls
 * `ApiKeyAuthentication.protect` or registers `ApiKeyGuard`; the service does both.
 */
@Module({
  controllers: [ApiKeysController, WhoAmIController],
  providers: [
    ...useCaseProviders,
    ApiKeyAuthentication,
    ApiKeyGuard,
    PendingWritesFlusher,
    { provide: APP_FILTER, useClass: IdentityErrorFilter },
  ],
  exports: [ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityModule extends ConfigurableModuleClass {}
