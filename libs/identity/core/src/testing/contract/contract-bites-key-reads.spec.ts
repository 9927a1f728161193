import { describe, it } from '@jest/globals';
import type { ApiKeyCredential } from '../../application/ports/api-key-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';

// Each class breaks one promise, as an adapter would: `save` for `insert`, a forgotten filter, a race.

class ListsEveryOrganization extends InMemoryApiKeyRepository {
  override async listUnrevoked(): Promise<ApiKey[]> {
    const lists = [...this.store.organizations.keys()].map((id) => super.listUnrevoked(id));
    return (await Promise.all(lists)).flat();
  }
}

class ListsOldestFirst extends InMemoryApiKeyRepository {
  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    return (await super.listUnrevoked(organizationId)).reverse();
  }
}

class ListsRevoked extends InMemoryApiKeyRepository {
  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    return [...this.store.apiKeys.values()].filter((each) => each.organizationId === organizationId);
  }
}

class HidesExpired extends InMemoryApiKeyRepository {
  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    return (await super.listUnrevoked(organizationId)).filter((apiKey) => apiKey.isActive(new Date()));
  }
}

class FoldsCase extends InMemoryApiKeyRepository {
  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return findWhere(this, (stored) => stored.toLowerCase() === keyPrefix.toLowerCase());
  }
}

class FindsBeginnings extends InMemoryApiKeyRepository {
  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return findWhere(this, (stored) => stored.startsWith(keyPrefix));
  }
}

class TrimsSpaces extends InMemoryApiKeyRepository {
  override findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return super.findCredential(keyPrefix.trim());
  }
}

async function findWhere(
  repository: InMemoryApiKeyRepository,
  matches: (keyPrefix: string) => boolean,
): Promise<ApiKeyCredential | null> {
  const secret = [...repository.store.secrets.values()].find((stored) => matches(stored.keyPrefix));
  return secret ? InMemoryApiKeyRepository.prototype.findCredential.call(repository, secret.keyPrefix) : null;
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [ListsEveryOrganization, "the list holds the organization's own keys"],
  [ListsEveryOrganization, 'the list of an unknown organization'],
  [ListsOldestFirst, 'the list is sorted newest first'],
  [ListsRevoked, 'the list leaves revoked keys out'],
  [HidesExpired, 'the list shows expired keys'],
  [FoldsCase, 'findCredential is null for a public part with the case of one letter changed'],
  [FindsBeginnings, 'findCredential is null for a public part without its last character'],
  [TrimsSpaces, 'findCredential is null for a public part with a newline behind'],
] as const;

describe('the contract of an adapter that reads keys', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const store = new InMemoryStore();
      const harness = {
        apiKeys: new Adapter(store),
        organizations: new InMemoryOrganizationRepository(store),
      };
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
