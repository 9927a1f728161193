import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { ApiKeyCheckController } from './api-key-check/api-key-check.controller.js';
import { ApiKeyRotationController } from './api-keys/api-key-rotation.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { UnguardedRoutesCheck } from './authentication/unguarded-routes.check.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import {
  ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  OPTIONS_TYPE,
} from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';
import { useCaseProviders } from './identity.providers.js';
import { ListScheduler } from './listing/list-scheduler.js';
import { assertOptions } from './option-checks.js';
import { PendingWritesFlusher } from './pending-writes.flusher.js';
import { PolicyController } from './policy/policy.controller.js';
import { ClockWatch } from './clock.watch.js';
import { UnusedKeysRevoker } from './unused-keys.revoker.js';
import { WhoAmIController } from './whoami/whoami.controller.js';

const CONTROLLERS = [
  ApiKeysController,
  ApiKeyRotationController,
  ApiKeyCheckController,
  WhoAmIController,
  AuthorizeController,
  PolicyController,
  AuditEventsController,
];

const OPTIONS: Readonly<Record<keyof IdentityModuleOptions, true>> = {
  apiKeys: true,
  organizations: true,
  auditLog: true,
  leases: true,
  observations: true,
  secretHasher: true,
  proofs: true,
  tokenFormat: true,
  random: true,
  ids: true,
  clock: true,
  importedKeys: true,
  flushSeconds: true,
  failuresPerMinute: true,
  requestsPerMinute: true,
  maxKeysPerOrganization: true,
};

/** What `createTypeOrmIdentity` gives an application beside them, which hands all of it on. */
const BESIDE = ['createOrganization', 'importApiKeys'];

/**
 * The identity API: issue, change, rotate, list and revoke keys, tell who is calling, and what happened. With
 * `controllers: false` none of its routes are mounted. Routes of the application are protected once it calls
 * `ApiKeyAuthentication.protect` or registers `ApiKeyGuard`, or a guard that extends it; nothing global is touched
 * before, and a route whose scopes none of them looks at stops the start.
 */
@Module({
  providers: [
    ...useCaseProviders,
    ApiKeyAuthentication,
    ApiKeyGuard,
    UnguardedRoutesCheck,
    ListScheduler,
    PendingWritesFlusher,
    UnusedKeysRevoker,
    ClockWatch,
  ],
  exports: [...useCaseProviders, ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityModule extends ConfigurableModuleClass {
  constructor(@Inject(MODULE_OPTIONS_TOKEN) options: IdentityModuleOptions) {
    super();
    assertOptions('IdentityModule', options, [...Object.keys(OPTIONS), ...BESIDE]);
  }

  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRoot(options), options.controllers);
  }

  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRootAsync(options), options.controllers);
  }
}

function mounted(module: DynamicModule, controllers = true): DynamicModule {
  return controllers ? { ...module, controllers: CONTROLLERS } : module;
}
