import { RemoteApiKeyVerifier } from '@feather-identity/client';
import { ApiKeyVerifier, Clock, QuotaCounters, VerificationMetrics } from '@feather-identity/core';
import { Inject, Logger, Module } from '@nestjs/common';
import { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
import { ApiKeyGuard } from './authentication/api-key.guard.js';
import { COUNTS } from './authentication/shared-counts.js';
import { UnguardedRoutesCheck } from './authentication/unguarded-routes.check.js';
import { ConfigurableModuleClass, type IdentityClientModuleOptions } from './identity-client.module-definition.js';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import { assertOptions } from './option-checks.js';

const OPTIONS: Readonly<Record<keyof IdentityClientModuleOptions, true>> = {
  baseUrl: true,
  apiKey: true,
  namespace: true,
  environment: true,
  importedKeys: true,
  maxStalenessSeconds: true,
  staleIfErrorSeconds: true,
  attemptTimeoutSeconds: true,
  deadlineSeconds: true,
  clock: true,
  failuresPerMinute: true,
  requestsPerMinute: true,
  rateLimitStore: true,
  acceptBearer: true,
  keyHeader: true,
  readKey: true,
};

/**
 * Guards an application with the keys of a running service: the guard and the decorators of `IdentityModule`, without a
 * database. Routes are guarded once the application registers `ApiKeyGuard`, or a guard that extends it, or calls
 * `ApiKeyAuthentication.protect`. A route that requires scopes which none of them checks stops the start.
 *
 * @example
 * ```ts
 * IdentityClientModule.forRoot({ baseUrl: 'http://localhost:8000', apiKey: process.env.IDENTITY_API_KEY! });
 * ```
 */
@Module({
  providers: [
    VerificationMetrics,
    // The service knows nothing of this application's requests: it counts them for itself.
    { provide: QuotaCounters, useFactory: () => new QuotaCounters() },
    {
      provide: Clock,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ clock = { now: () => new Date() } }: IdentityClientModuleOptions) => clock,
    },
    {
      provide: ApiKeyVerifier,
      inject: [MODULE_OPTIONS_TOKEN, Clock],
      useFactory: (options: IdentityClientModuleOptions, clock: Clock) =>
        new RemoteApiKeyVerifier({ ...options, clock }, new Logger('IdentityClientModule')),
    },
    ...COUNTS,
    ApiKeyAuthentication,
    ApiKeyGuard,
    UnguardedRoutesCheck,
  ],
  exports: [ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityClientModule extends ConfigurableModuleClass {
  constructor(@Inject(MODULE_OPTIONS_TOKEN) options: IdentityClientModuleOptions) {
    super();
    assertOptions('IdentityClientModule', options, Object.keys(OPTIONS));
  }
}
