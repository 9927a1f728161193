import type { ContractCase } from '@feather-identity/core/testing';
import { callerContract } from './caller-contract.js';
import { changedKeyContract } from './changed-key-contract.js';
import type { GuardedHost } from './guarded-host.js';
import { refusalContract } from './refusal-contract.js';
import { scopeContract } from './scope-contract.js';

/** Everything that `ApiKeyGuard` promises to an application, wherever the keys are. */
export const guardContract: readonly ContractCase<GuardedHost>[] = [
  ...refusalContract,
  ...scopeContract,
  ...callerContract,
  ...changedKeyContract,
];
