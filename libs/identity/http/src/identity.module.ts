import { type DynamicModule, Module } from '@nestjs/common';
import { ApiKeyCheckController } from './api-key-check/api-key-check.controller.js';
import { ApiKeyRotationController } from './api-keys/api-key-rotation.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { UnguardedRoutesCheck } from './authentication/unguarded-routes.check.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { ASYNC_OPTIONS_TYPE, ConfigurableModuleClass, OPTIONS_TYPE } from './identity.module-definition.js';
import { identityProviders } from './identity.providers.js';
import { ListScheduler } from './listing/list-scheduler.js';
import { WriteBehindRunner } from './write-behind.runner.js';
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

/**
 * The identity API: issue, change, rotate, list and revoke keys, tell who is calling, and what happened. With
 * `controllers: false` none of its routes are mounted. Routes of the application are protected once it calls
 * `ApiKeyAuthentication.protect` or registers `ApiKeyGuard`, or a guard that extends it; nothing global is touched
 * before, and a route whose scopes none of them looks at stops the start.
 */
@Module({
  providers: [
    ...identityProviders,
    ApiKeyAuthentication,
    ApiKeyGuard,
    UnguardedRoutesCheck,
    ListScheduler,
    WriteBehindRunner,
    UnusedKeysRevoker,
    ClockWatch,
  ],
  exports: [...identityProviders, ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityModule extends ConfigurableModuleClass {
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
