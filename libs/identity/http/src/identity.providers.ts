import {
  ApiKeyMinter,
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
  OrganizationFounder,
  ProofRenewer,
  RevokeApiKey,
  RevokeUnusedApiKeys,
  RotateApiKey,
  SecretChecks,
  UpdateApiKey,
  VerificationTally,
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
  VerificationTally,
  build(
    ApiKeyMinter,
    ({ tokenFormat, random, secretHasher, ids, clock }, events: AuditEvents) =>
      new ApiKeyMinter(new KeyGenerator(tokenFormat, random), secretHasher, ids, clock, events),
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
      tally: VerificationTally,
    ) => {
      const secretChecks = new SecretChecks(secretHasher);
      const counted = { proofRenewer, lastUsed, tally };
      return new VerifyApiKey({ format, apiKeys, secretChecks, proofs, clock, importedKeys, ...counted });
    },
    LastUsedRecorder,
    ProofRenewer,
    VerificationTally,
  ),
  { provide: ApiKeyVerifier, useExisting: VerifyApiKey },
  build(CheckApiKey, ({ clock }, verifyApiKey: VerifyApiKey) => new CheckApiKey(verifyApiKey, clock), VerifyApiKey),
];

const changes: Provider[] = [
  build(
    IssueApiKey,
    ({ apiKeys, clock, maxKeysPerOrganization }, minter: ApiKeyMinter, escalations: EscalationWatch) =>
      new IssueApiKey(apiKeys, minter, escalations, clock, maxKeysPerOrganization),
    ApiKeyMinter,
    EscalationWatch,
  ),
  build(
    UpdateApiKey,
    ({ apiKeys, clock }, events: AuditEvents, escalations: EscalationWatch) =>
      new UpdateApiKey(apiKeys, events, escalations, clock),
    AuditEvents,
    EscalationWatch,
  ),
  build(
    RotateApiKey,
    ({ apiKeys, clock }, minter: ApiKeyMinter, events: AuditEvents, escalations: EscalationWatch) =>
      new RotateApiKey(apiKeys, minter, events, escalations, clock),
    ApiKeyMinter,
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
    OrganizationFounder,
    ({ ids, clock }, minter: ApiKeyMinter, events: AuditEvents) => new OrganizationFounder(minter, ids, clock, events),
    ApiKeyMinter,
    AuditEvents,
  ),
  build(
    CreateOrganization,
    ({ organizations }, founder: OrganizationFounder) => new CreateOrganization(organizations, founder),
    OrganizationFounder,
  ),
  build(
    BootstrapOrganization,
    ({ organizations }, founder: OrganizationFounder) => new BootstrapOrganization(organizations, founder),
    OrganizationFounder,
  ),
];

const readings: Provider[] = [
  build(ListApiKeys, ({ apiKeys }) => new ListApiKeys(apiKeys)),
  build(FindApiKey, ({ apiKeys }) => new FindApiKey(apiKeys)),
  build(ListAuditEvents, ({ auditLog }) => new ListAuditEvents(auditLog)),
];

/** The use cases and what they share. */
export const useCaseProviders: Provider[] = [...parts, ...verification, ...changes, ...foundings, ...readings];
