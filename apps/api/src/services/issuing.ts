import {
  AdoptBootstrapKey,
  ApiKeyMinter,
  BootstrapOrganization,
  CreateOrganization,
  IssueApiKey,
  IssueOwnerKey,
  KeyGenerator,
  ListOrganizations,
  OrganizationFounder,
  type SecretHasher,
} from '@feather-identity/core';
import {
  BcryptHmacSecretHasher,
  BcryptVerifier,
  HmacProof,
  NodeRandomSource,
  SystemClock,
  UuidV7Generator,
} from '@feather-identity/infra';
import type { Environment } from '../environment/environment.js';
import { loadPeppers } from './peppers.js';
import type { Persistence } from './persistence.js';

/** The adapters that need no configuration. */
export const clock = new SystemClock();
export const ids = new UuidV7Generator();
export const random = new NodeRandomSource();

/** What proves secrets, with the peppers of this installation. */
export async function createSecretHasher(env: Environment): Promise<SecretHasher> {
  return new BcryptHmacSecretHasher(new BcryptVerifier(env.bcryptCost), new HmacProof(await loadPeppers(env)));
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
  const { apiKeys, organizations } = persistence;
  const minter = new ApiKeyMinter(new KeyGenerator(env.tokenFormat, random), secretHasher, ids, clock);
  const founder = new OrganizationFounder(minter, ids, clock);
  return {
    listOrganizations: new ListOrganizations(organizations),
    createOrganization: new CreateOrganization(organizations, founder),
    issueOwnerKey: new IssueOwnerKey(organizations, new IssueApiKey(apiKeys, minter, clock)),
    bootstrapOrganization: new BootstrapOrganization(organizations, founder),
    adoptBootstrapKey: new AdoptBootstrapKey(env.tokenFormat, apiKeys, organizations, secretHasher, minter, founder),
  };
}
