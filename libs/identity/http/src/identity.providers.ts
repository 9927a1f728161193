import {
  ApiKeyMinter,
  Clock,
  IssueApiKey,
  KeyGenerator,
  LastUsedRecorder,
  ListApiKeys,
  ProofRenewer,
  RevokeApiKey,
  SecretChecks,
  VerificationTally,
  VerifyApiKey,
} from '@feather-identity/core';
import type { Provider } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';

/** The use cases, built by hand: the core knows nothing of Nest. */
export const useCaseProviders: Provider[] = [
  {
    provide: Clock,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ clock }: IdentityModuleOptions) => clock,
  },
  {
    provide: IssueApiKey,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ apiKeys, tokenFormat, random, secretHasher, ids, clock }: IdentityModuleOptions) => {
      const minter = new ApiKeyMinter(new KeyGenerator(tokenFormat, random), secretHasher, ids, clock);
      return new IssueApiKey(apiKeys, minter, clock);
    },
  },
  {
    provide: ListApiKeys,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ apiKeys }: IdentityModuleOptions) => new ListApiKeys(apiKeys),
  },
  {
    provide: RevokeApiKey,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ apiKeys, clock }: IdentityModuleOptions) => new RevokeApiKey(apiKeys, clock),
  },
  {
    provide: LastUsedRecorder,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ apiKeys }: IdentityModuleOptions) => new LastUsedRecorder(apiKeys),
  },
  {
    provide: ProofRenewer,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ apiKeys }: IdentityModuleOptions) => new ProofRenewer(apiKeys),
  },
  VerificationTally,
  {
    provide: VerifyApiKey,
    inject: [MODULE_OPTIONS_TOKEN, LastUsedRecorder, ProofRenewer, VerificationTally],
    useFactory: (
      { tokenFormat, apiKeys, secretHasher, proofs, clock }: IdentityModuleOptions,
      lastUsed: LastUsedRecorder,
      proofRenewer: ProofRenewer,
      tally: VerificationTally,
    ) => {
      const secretChecks = new SecretChecks(secretHasher);
      return new VerifyApiKey({
        format: tokenFormat,
        apiKeys,
        secretChecks,
        proofs,
        proofRenewer,
        lastUsed,
        clock,
        tally,
      });
    },
  },
];
