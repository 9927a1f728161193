import {
  AdoptBootstrapKey,
  ApiKeyFactory,
  BootstrapOrganization,
  CreateOrganization,
  EscalationWatch,
  IssueApiKey,
  IssueOwnerKey,
  KeyGenerator,
  ListOrganizations,
  OrganizationFactory,
  type SecretHasher,
} from '@feather-identity/core';
import {
  BcryptHmacSecretHasher,
  HashingQueue,
  BcryptVerifier,
  type DamagedHashListener,
  HmacProof,
  ImportedHashVerifier,
  NodeRandomSource,
  UuidV7Generator,
} from '@feather-identity/infra';
import type { Environment } from '../environment/environment.js';
import { loadPeppers } from './peppers.js';
import type { Persistence } from './persistence.js';

/** The adapters that need no configuration. */
export const ids = new UuidV7Generator();
export const random = new NodeRandomSource();

/** One for the process: its bounds are those of the machine. */
export const hashingQueue = new HashingQueue();

/** What proves secrets, with the peppers of this installation. */
export async function createSecretHasher(env: Environment, onDamagedHash?: DamagedHashListener): Promise<SecretHasher> {
  const proof = new HmacProof(await loadPeppers(env));
  const bcrypt = new BcryptVerifier(env.bcryptCost, hashingQueue, onDamagedHash);
  const peppers = env.importedPeppers;
  const imported = new ImportedHashVerifier({ bcrypt, queue: hashingQueue, peppers, onDamagedHash });
  return new BcryptHmacSecretHasher(bcrypt, proof, env.secretScheme, imported);
}

/** The use cases of an operator around issuing keys. */
export interface Issuing {
  readonly createOrganization: CreateOrganization;
  readonly issueOwnerKey: IssueOwnerKey;
  readonly bootstrapOrganization: BootstrapOrganization;
  readonly adoptBootstrapKey: AdoptBootstrapKey;
  readonly listOrganizations: ListOrganizations;
}

/** Wires the operator's use cases. */
export function createIssuing(env: Environment, persistence: Persistence, secretHasher: SecretHasher): Issuing {
  const { apiKeys, organizations, auditLog, clock, events: auditEvents } = persistence;
  const apiKeyFactory = new ApiKeyFactory(
    new KeyGenerator(env.tokenFormat, random),
    secretHasher,
    ids,
    clock,
    auditEvents,
  );
  const organizationFactory = new OrganizationFactory(apiKeyFactory, ids, clock, auditEvents);
  const issueApiKey = new IssueApiKey(
    apiKeys,
    apiKeyFactory,
    new EscalationWatch(auditLog, auditEvents),
    clock,
    env.maxKeysPerOrganization,
  );
  return {
    listOrganizations: new ListOrganizations(organizations),
    createOrganization: new CreateOrganization(organizations, organizationFactory),
    issueOwnerKey: new IssueOwnerKey(organizations, issueApiKey),
    bootstrapOrganization: new BootstrapOrganization(organizations, organizationFactory),
    adoptBootstrapKey: new AdoptBootstrapKey(
      env.tokenFormat,
      apiKeys,
      organizations,
      secretHasher,
      apiKeyFactory,
      organizationFactory,
      clock,
    ),
  };
}
