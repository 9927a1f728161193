import type { ContractCase } from '@feather-identity/core/testing';
import { callerContract } from './caller-contract.js';
import { changedKeyContract } from './changed-key-contract.js';
import type { GuardedHost } from './guarded-host.js';
import { hostContract } from './host-contract.js';
import { keyLimitContract } from './key-limit-contract.js';
import { oneRequestContract } from './one-request-contract.js';
import { outageContract } from './outage-contract.js';
import { refusalContract } from './refusal-contract.js';
import { scopeContract } from './scope-contract.js';

/**
 * Everything that `ApiKeyGuard` promises to an application, wherever the keys are. One host serves all cases, in this
 * order: the last one takes its organization away.
 */
export const guardContract: readonly ContractCase<GuardedHost>[] = [
  ...refusalContract,
  ...scopeContract,
  ...oneRequestContract,
  ...callerContract,
  ...changedKeyContract,
  ...keyLimitContract,
  ...hostContract,
  ...outageContract,
];
