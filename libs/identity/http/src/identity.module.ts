import { OPERATOR_USE_CASES } from '@feather-identity/core';
import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { ApiKeyCheckController } from './api-key-check/api-key-check.controller.js';
import { ApiKeyRotationController } from './api-keys/api-key-rotation.controller.js';
import { ApiKeysBulkController } from './api-keys/api-keys-bulk.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { COUNTS } from './authentication/shared-counts.js';
import { UnguardedRoutesCheck } from './authentication/unguarded-routes.check.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { ConsoleAuthentication } from './console/console-authentication.js';
import { ConsoleLinksController } from './console/console-links.controller.js';
import { ConsoleSessionsController } from './console/console-sessions.controller.js';
import {
  ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type MountedRoutes,
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
import { ExpiringKeysAnnouncer } from './expiring-keys.announcer.js';
import { UnusedKeysRevoker } from './unused-keys.revoker.js';
import { OldUsageRemover } from './old-usage.remover.js';
import { UsageController } from './usage/usage.controller.js';
import { OwnMembersController } from './members/members.controller.js';
import { OPERATOR_CONTROLLERS } from './operator/operator.controllers.js';
import { OperatorAuthentication, OperatorGuard } from './operator/operator-authentication.js';
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
  UsageController,
  OwnMembersController,
  ScopesController,
];

const CONSOLE_CONTROLLERS = [ConsoleSessionsController, ConsoleLinksController];

const OPTIONS: Readonly<Record<keyof IdentityModuleOptions, true>> = {
  apiKeys: true,
  organizations: true,
  members: true,
  operatorKeys: true,
  auditLog: true,
  leases: true,
  observations: true,
  quotaUses: true,
  usageCounts: true,
  consoleSessions: true,
  secretHasher: true,
  proofs: true,
  tokenFormat: true,
  random: true,
  ids: true,
  clock: true,
  importedKeys: true,
  joinTransaction: true,
  flushSeconds: true,
  publicUrl: true,
  failuresPerMinute: true,
  requestsPerMinute: true,
  rateLimitStore: true,
  acceptBearer: true,
  keyHeader: true,
  readKey: true,
  maxKeysPerOrganization: true,
  onKeyExpiring: true,
  scopeCatalogue: true,
  keepLastUsedFrom: true,
  usageHoursKeptDays: true,
  usageDaysKeptDays: true,
};

/**
 * API keys in the application's own database, and the identity API: issue, change, rotate, check, list and revoke keys,
 * `whoami`, policies and the audit log. `ApiKeys` and `Organizations` can be injected, and each use case by its class.
 *
 * Routes of the application are guarded once it registers `ApiKeyGuard`, or a guard that extends it, or calls
 * `ApiKeyAuthentication.protect`. A route that requires scopes which none of them checks stops the start.
 */
@Module({
  providers: [
    ...identityProviders,
    ...COUNTS,
    ApiKeyAuthentication,
    ApiKeyGuard,
    OperatorAuthentication,
    OperatorGuard,
    UnguardedRoutesCheck,
    ListScheduler,
    WriteBehindRunner,
    UnusedKeysRevoker,
    ExpiringKeysAnnouncer,
    OldUsageRemover,
    ClockWatch,
  ],
  exports: [...identityProviders, ApiKeyAuthentication, ApiKeyGuard, OperatorAuthentication],
})
export class IdentityModule extends ConfigurableModuleClass {
  constructor(@Inject(MODULE_OPTIONS_TOKEN) options: IdentityModuleOptions) {
    super();
    assertOptions('IdentityModule', options, [...Object.keys(OPTIONS), ...OPERATOR_USE_CASES]);
  }

  /**
   * Configures the module.
   *
   * @param options - `controllers: false` mounts no routes, `controllers: { whoami: false }` all but `whoami`;
   * `operatorApi: true` adds those under `v1/operator`
   * @example
   * ```ts
   * const identity = createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers });
   * IdentityModule.forRoot({ ...identity, requestsPerMinute: 6000 });
   * ```
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRoot(options), options);
  }

  /**
   * Configures the module with options from a factory, for instance from an injected data source.
   *
   * @param options - `controllers` and `operatorApi` go beside `useFactory`, not into its result
   * @example
   * ```ts
   * IdentityModule.forRootAsync({
   *   inject: [DataSource],
   *   useFactory: (dataSource: DataSource) => createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers }),
   * });
   * ```
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return mounted(super.forRootAsync(options), options);
  }
}

function mounted(module: DynamicModule, routes: MountedRoutes): DynamicModule {
  const { controllers = true, operatorApi = false, console = false } = routes;
  const hasWhoAmI = typeof controllers === 'boolean' ? controllers : controllers.whoami;
  const identity = controllers === false ? [] : CONTROLLERS.filter((each) => hasWhoAmI || each !== WhoAmIController);
  const all = [...identity, ...(operatorApi ? OPERATOR_CONTROLLERS : []), ...(console ? CONSOLE_CONTROLLERS : [])];
  if (!console) return { ...module, controllers: all };
  const { providers = [], exports = [] } = module;
  return {
    ...module,
    controllers: all,
    providers: [...providers, ConsoleAuthentication],
    exports: [...exports, ConsoleAuthentication],
  };
}
