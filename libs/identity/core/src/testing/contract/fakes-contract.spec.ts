import { describe, it } from '@jest/globals';
import { FakeSecretHasher } from '../fakes/fake-secret-hasher.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { organizationRepositoryContract } from './organization-repository-contract.js';
import { secretHasherContract } from './secret-hasher-contract.js';

function harness() {
  const store = new InMemoryStore();
  return {
    apiKeys: new InMemoryApiKeyRepository(store),
    organizations: new InMemoryOrganizationRepository(store),
  };
}

describe('in-memory API key repository', () => {
  for (const { promise, run } of apiKeyRepositoryContract) it(promise, () => run(harness()));
});

describe('in-memory organization repository', () => {
  for (const { promise, run } of organizationRepositoryContract) it(promise, () => run(harness()));
});

describe('fake secret hasher', () => {
  for (const { promise, run } of secretHasherContract) it(promise, () => run({ hasher: new FakeSecretHasher() }));
});
