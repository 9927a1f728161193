import { apiKeyInsertContract } from './api-key-insert-contract.js';
import { apiKeyListContract } from './api-key-list-contract.js';
import { apiKeyRevokeContract } from './api-key-revoke-contract.js';
import type { ContractCase } from './contract-case.js';
import { fidelityContract } from './fidelity-contract.js';
import { findCredentialContract } from './find-credential-contract.js';
import { recordLastUsedContract } from './record-last-used-contract.js';
import { replaceProofsContract } from './replace-proofs-contract.js';
import type { RepositoryHarness } from './repository-harness.js';

/** Every promise of `ApiKeyRepository`. Each case wants an empty store. */
export const apiKeyRepositoryContract: readonly ContractCase<RepositoryHarness>[] = [
  ...apiKeyInsertContract,
  ...apiKeyListContract,
  ...apiKeyRevokeContract,
  ...findCredentialContract,
  ...replaceProofsContract,
  ...recordLastUsedContract,
  ...fidelityContract,
];
