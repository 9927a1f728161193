import { apiKeyChangeContract } from './api-key-change-contract.js';
import { apiKeyChangeRaceContract } from './api-key-change-race-contract.js';
import { apiKeyFindContract } from './api-key-find-contract.js';
import { apiKeyInsertContract } from './api-key-insert-contract.js';
import { apiKeyListContract } from './api-key-list-contract.js';
import { apiKeyPageContract } from './api-key-page-contract.js';
import { apiKeyPrefixContract } from './api-key-prefix-contract.js';
import { apiKeyRevokeContract } from './api-key-revoke-contract.js';
import { apiKeyRotationContract } from './api-key-rotation-contract.js';
import { callingKeyContract } from './calling-key-contract.js';
import type { ContractCase } from './contract-case.js';
import { descendantsContract } from './descendants-contract.js';
import { expiryNoticesContract } from './expiry-notices-contract.js';
import { endApiKeysContract } from './end-api-keys-contract.js';
import { fidelityContract } from './fidelity-contract.js';
import { findCredentialContract } from './find-credential-contract.js';
import { importOutcomeContract } from './import-outcome-contract.js';
import { importedKeysContract } from './imported-keys-contract.js';
import { insertImportedContract } from './insert-imported-contract.js';
import { insertLimitContract } from './insert-limit-contract.js';
import { recordLastUsedContract } from './record-last-used-contract.js';
import { replaceProofsContract } from './replace-proofs-contract.js';
import { keySearchContract } from './key-search-contract.js';
import type { RepositoryHarness } from './repository-harness.js';
import { unusedKeysContract } from './unused-keys-contract.js';

/** Every promise of `ApiKeyRepository`. Each case wants an empty store. */
export const apiKeyRepositoryContract: readonly ContractCase<RepositoryHarness>[] = [
  ...apiKeyInsertContract,
  ...insertLimitContract,
  ...insertImportedContract,
  ...importOutcomeContract,
  ...importedKeysContract,
  ...callingKeyContract,
  ...apiKeyListContract,
  ...apiKeyPageContract,
  ...keySearchContract,
  ...apiKeyFindContract,
  ...apiKeyPrefixContract,
  ...apiKeyChangeContract,
  ...apiKeyRotationContract,
  ...apiKeyChangeRaceContract,
  ...apiKeyRevokeContract,
  ...endApiKeysContract,
  ...unusedKeysContract,
  ...descendantsContract,
  ...expiryNoticesContract,
  ...findCredentialContract,
  ...replaceProofsContract,
  ...recordLastUsedContract,
  ...fidelityContract,
];
