import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ApiKeyCheckController } from './api-key-check/api-key-check.controller.js';
import { ApiKeyRotationController } from './api-keys/api-key-rotation.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { IdentityErrorFilter } from './errors/identity-error.filter.js';
import { ConfigurableModuleClass } from './identity.module-definition.js';
import { useCaseProviders } from './identity.providers.js';
import { PolicyController } from './policy/policy.controller.js';
import { PendingWritesFlusher } from './pending-writes.flusher.js';
import { UnusedKeysRevoker } from './unused-keys.revoker.js';
import { WhoAmIController } from './whoami/whoami.controller.js';

/**
 * The identity API: issue, change, rotate, list and revoke keys, tell who is calling, and what happened. Routes are protected once the host calls
 * `ApiKeyAuthentication.protect` or registers `ApiKeyGuard`; the service does both.
 */
@Module({
  controllers: [
    ApiKeysController,
    ApiKeyRotationController,
    ApiKeyCheckController,
    WhoAmIController,
    AuthorizeController,
    PolicyController,
    AuditEventsController,
  ],
  providers: [
    ...useCaseProviders,
    ApiKeyAuthentication,
    ApiKeyGuard,
    PendingWritesFlusher,
    UnusedKeysRevoker,
    { provide: APP_FILTER, useClass: IdentityErrorFilter },
  ],
  exports: [ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityModule extends ConfigurableModuleClass {}
