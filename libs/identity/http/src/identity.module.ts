import type { Identity } from '@feather-identity/core';
import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { ApiKeyCheckController } from './api-key-check/api-key-check.controller.js';
import { ApiKeyRotationController } from './api-keys/api-key-rotation.controller.js';
import { ApiKeysBulkController } from './api-keys/api-keys-bulk.controller.js';
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
import { identityProviders } from './identity.providers.js';
import { ListScheduler } from './listing/list-scheduler.js';
import { assertOptions } from './option-checks.js';
import { WriteBehindRunner } from './write-behind.runner.js';
import { PolicyController } from './policy/policy.controller.js';
import { ScopesController } from './scopes/scopes.controller.js';
import { ClockWatch } from './clock.watch.js';
import { UnusedKeysRevoker } from './unused-keys.revoker.js';
import { WhoAmIController } from './whoami/whoami.controller.js';

const CONTROLLERS = [
  ApiKeysController,
  ApiKeyRotationController,
  ApiKeyCheckController,
  ApiKeysBulkController,
  WhoAmIController,
  AuthorizeController,
  PolicyController,
  AuditEventsController,
  ScopesController,
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
  publicUrl: true,
  failuresPerMinute: true,
  requestsPerMinute: true,
  maxKeysPerOrganization: true,
  scopeCatalogue: true,
};

/** Use cases that `createTypeOrmIdentity` returns beside the options; applications spread all of it into `forRoot`. */
const OPERATOR_USE_CASES: readonly (keyof Identity)[] = [
  'createOrganization',
  'bootstrapOrganization',
  'adoptBootstrapKey',
  'updateOrganization',
  'changePolicy',
  'issueOwnerKey',
  'listOrganizations',
  'updateApiKey',
  'rotateApiKey',
  'revokeApiKey',
  'endApiKeys',
  'revokeUnusedApiKeys',
  'traceApiKey',
  'importApiKeys',
];

/**
 * API keys in the application's own database, and the identity API: issue, change, rotate, check, list and revoke keys,
 * `whoami`, policies and the audit log. Every use case can be injected by its class.
 *
 * Routes of the application are guarded once it registers `ApiKeyGuard`, or a guard that extends it, or calls
 * `ApiKeyAuthentication.protect`. A route that requires scopes which none of them checks stops the start.
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
  constructor(@Inject(MODULE_OPTIONS_TOKEN) options: IdentityModuleOptions) {
    super();
    assertOptions('IdentityModule', options, [...Object.keys(OPTIONS), ...OPERATOR_USE_CASES]);
  }

  /**
   * Configures the module.
   *
   * @param options - with `controllers: false`, none of the routes are mounted
   * @example
   * ```ts
   * const identity = createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers });
   * IdentityModule.forRoot({ ...identity, requestsPerMinute: 6000 });
   * ```
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRoot(options), options.controllers);
  }

  /**
   * Configures the module with options that come later, for instance from an injected data source.
   *
   * @param options - with `controllers: false` beside `useFactory`, none of the routes are mounted
   * @example
   * ```ts
   * IdentityModule.forRootAsync({
   *   inject: [DataSource],
   *   useFactory: (dataSource: DataSource) => createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers }),
   * });
   * ```
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRootAsync(options), options.controllers);
  }
}

function mounted(module: DynamicModule, controllers = true): DynamicModule {
  return controllers ? { ...module, controllers: CONTROLLERS } : module;
}
