import {
  ApiKeyFactory,
  ApiKeyVerifier,
  AuditEvents,
  BootstrapOrganization,
  ChangePolicy,
  CheckApiKey,
  Clock,
  CreateOrganization,
  EscalationWatch,
  FindApiKey,
  IssueApiKey,
  KeyGenerator,
  LastUsedRecorder,
  ListApiKeys,
  ListAuditEvents,
  ObserveUses,
  OrganizationFactory,
  ProofRenewer,
  RevokeApiKey,
  RevokeUnusedApiKeys,
  RotateApiKey,
  SingleFlightVerifier,
  UpdateApiKey,
  VerificationMetrics,
  VerifyApiKey,
} from '@feather-identity/core';
import type { Provider } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';

/** Classes of which there is one instance, which is also what they are injected by. */
type Classes<Instances extends readonly unknown[]> = {
  [Index in keyof Instances]: abstract new (...args: never[]) => Instances[Index];
};

/** A provider that is built of the host's options and of other providers: the core knows nothing of Nest. */
function build<T, Parts extends readonly unknown[]>(
  provided: abstract new (...args: never[]) => T,
  useFactory: (options: IdentityModuleOptions, ...parts: Parts) => T,
  ...parts: Classes<Parts>
): Provider {
  return { provide: provided, inject: [MODULE_OPTIONS_TOKEN, ...parts], useFactory } as Provider;
}

const parts: Provider[] = [
  build(Clock, ({ clock }) => clock),
  build(AuditEvents, ({ ids, clock }) => new AuditEvents(ids, clock)),
  build(EscalationWatch, ({ auditLog }, events: AuditEvents) => new EscalationWatch(auditLog, events), AuditEvents),
  build(LastUsedRecorder, ({ apiKeys }) => new LastUsedRecorder(apiKeys)),
  build(ObserveUses, ({ observations, clock }) => new ObserveUses(observations, clock)),
  build(ProofRenewer, ({ apiKeys }) => new ProofRenewer(apiKeys)),
  VerificationMetrics,
  build(
    ApiKeyFactory,
    ({ tokenFormat, random, secretHasher, ids, clock }, events: AuditEvents) =>
      new ApiKeyFactory(new KeyGenerator(tokenFormat, random), secretHasher, ids, clock, events),
    AuditEvents,
  ),
];

const verification: Provider[] = [
  build(
    VerifyApiKey,
    (
      { tokenFormat: format, apiKeys, secretHasher, proofs, clock, importedKeys },
      lastUsed: LastUsedRecorder,
      proofRenewer: ProofRenewer,
      metrics: VerificationMetrics,
    ) => {
      const secretVerifier = new SingleFlightVerifier(secretHasher);
      const counted = { proofRenewer, lastUsed, metrics };
      return new VerifyApiKey({ format, apiKeys, secretVerifier, proofs, clock, importedKeys, ...counted });
    },
    LastUsedRecorder,
    ProofRenewer,
    VerificationMetrics,
  ),
  { provide: ApiKeyVerifier, useExisting: VerifyApiKey },
  build(CheckApiKey, ({ clock }, verifyApiKey: VerifyApiKey) => new CheckApiKey(verifyApiKey, clock), VerifyApiKey),
];

const changes: Provider[] = [
  build(
    IssueApiKey,
    ({ apiKeys, clock, maxKeysPerOrganization }, apiKeyFactory: ApiKeyFactory, escalations: EscalationWatch) =>
      new IssueApiKey(apiKeys, apiKeyFactory, escalations, clock, maxKeysPerOrganization),
    ApiKeyFactory,
    EscalationWatch,
  ),
  build(
    UpdateApiKey,
    ({ apiKeys, clock, maxKeysPerOrganization }, events: AuditEvents, escalations: EscalationWatch) =>
      new UpdateApiKey(apiKeys, events, escalations, clock, maxKeysPerOrganization),
    AuditEvents,
    EscalationWatch,
  ),
  build(
    RotateApiKey,
    ({ apiKeys, clock }, apiKeyFactory: ApiKeyFactory, events: AuditEvents, escalations: EscalationWatch) =>
      new RotateApiKey(apiKeys, apiKeyFactory, events, escalations, clock),
    ApiKeyFactory,
    AuditEvents,
    EscalationWatch,
  ),
  build(RevokeApiKey, ({ apiKeys }, events: AuditEvents) => new RevokeApiKey(apiKeys, events), AuditEvents),
  build(
    RevokeUnusedApiKeys,
    ({ apiKeys, organizations, leases, observations, ids, clock }, events: AuditEvents) =>
      new RevokeUnusedApiKeys({ apiKeys, organizations, leases, observations, events, ids, clock }),
    AuditEvents,
  ),
  build(ChangePolicy, ({ organizations }, events: AuditEvents) => new ChangePolicy(organizations, events), AuditEvents),
];

/** For the application's own sign-up, command or first start: no route of ours makes organizations. */
const foundings: Provider[] = [
  build(
    OrganizationFactory,
    ({ ids, clock }, apiKeyFactory: ApiKeyFactory, events: AuditEvents) =>
      new OrganizationFactory(apiKeyFactory, ids, clock, events),
    ApiKeyFactory,
    AuditEvents,
  ),
  build(
    CreateOrganization,
    ({ organizations }, organizationFactory: OrganizationFactory) =>
      new CreateOrganization(organizations, organizationFactory),
    OrganizationFactory,
  ),
  build(
    BootstrapOrganization,
    ({ organizations }, organizationFactory: OrganizationFactory) =>
      new BootstrapOrganization(organizations, organizationFactory),
    OrganizationFactory,
  ),
];

const readings: Provider[] = [
  build(ListApiKeys, ({ apiKeys }) => new ListApiKeys(apiKeys)),
  build(FindApiKey, ({ apiKeys }) => new FindApiKey(apiKeys)),
  build(ListAuditEvents, ({ auditLog }) => new ListAuditEvents(auditLog)),
];

/** The use cases and what they share. */
export const useCaseProviders: Provider[] = [...parts, ...verification, ...changes, ...foundings, ...readings];
