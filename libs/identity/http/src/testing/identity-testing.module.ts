import {
  ApiKeys,
  ApiKeyVerifier,
  Clock,
  Identity,
  Organizations,
  QuotaCounters,
  VerificationMetrics,
} from '@feather-identity/core';
import { FakeApiKeyVerifier, IN_MEMORY_TOKENS, inMemoryPorts } from '@feather-identity/core/testing';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyAuthentication } from '../authentication/api-key-authentication.js';
import { ApiKeyGuard } from '../authentication/api-key.guard.js';
import { COUNTS } from '../authentication/shared-counts.js';
import { UnguardedRoutesCheck } from '../authentication/unguarded-routes.check.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';

const CLOCK: Clock = { now: () => new Date() };

/**
 * Guards every route of a test's application as `IdentityModule` and `IdentityClientModule` do, without a database or a
 * service: it accepts the keys that its `FakeApiKeyVerifier` has handed out, those that its `ApiKeys` and `Organizations`
 * have issued in memory, and no others.
 */
@Global()
@Module({
  providers: [
    {
      provide: Identity,
      useFactory: () => new Identity({ ...inMemoryPorts(), clock: CLOCK }, { tokenFormat: IN_MEMORY_TOKENS }),
    },
    { provide: ApiKeys, inject: [Identity], useFactory: ({ hostApiKeys }: Identity) => hostApiKeys },
    { provide: Organizations, inject: [Identity], useFactory: ({ hostOrganizations }: Identity) => hostOrganizations },
    {
      provide: FakeApiKeyVerifier,
      inject: [Identity],
      useFactory: ({ verifyApiKey }: Identity) => new FakeApiKeyVerifier(verifyApiKey),
    },
    { provide: ApiKeyVerifier, useExisting: FakeApiKeyVerifier },
    VerificationMetrics,
    { provide: QuotaCounters, useFactory: () => new QuotaCounters() },
    { provide: Clock, useValue: CLOCK },
    { provide: MODULE_OPTIONS_TOKEN, useValue: {} },
    ...COUNTS,
    ApiKeyAuthentication,
    ApiKeyGuard,
    UnguardedRoutesCheck,
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
  ],
  exports: [ApiKeys, Organizations, FakeApiKeyVerifier, ApiKeyAuthentication, ApiKeyGuard],
})
export class IdentityTestingModule {}
