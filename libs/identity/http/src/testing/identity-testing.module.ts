import { ApiKeyVerifier, Clock, QuotaCounters, VerificationMetrics } from '@feather-identity/core';
import { FakeApiKeyVerifier } from '@feather-identity/core/testing';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyAuthentication } from '../authentication/api-key-authentication.js';
import { ApiKeyGuard } from '../authentication/api-key.guard.js';
import { UnguardedRoutesCheck } from '../authentication/unguarded-routes.check.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';

/**
 * Guards every route of a test's application as `IdentityModule` and `IdentityClientModule` do, without a database or a
 * service: it accepts the keys that its `FakeApiKeyVerifier` has handed out, and no others.
 */
@Module({
  providers: [
    FakeApiKeyVerifier,
    { provide: ApiKeyVerifier, useExisting: FakeApiKeyVerifier },
    VerificationMetrics,
    { provide: QuotaCounters, useFactory: () => new QuotaCounters() },
    { provide: Clock, useValue: { now: () => new Date() } satisfies Clock },
    { provide: MODULE_OPTIONS_TOKEN, useValue: {} },
    ApiKeyAuthentication,
    ApiKeyGuard,
    UnguardedRoutesCheck,
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
  ],
  exports: [FakeApiKeyVerifier, ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityTestingModule {}
