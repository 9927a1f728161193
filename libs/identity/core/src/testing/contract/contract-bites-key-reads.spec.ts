import { describe, it } from '@jest/globals';
import type {
  ApiKeyCredential,
  ApiKeyDetails,
  ApiKeyPage,
  ApiKeyReference,
} from '../../application/ports/api-key-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

// Each class breaks one promise, as an adapter would: `save` for `insert`, a forgotten filter, a race.

class ListsEveryOrganization extends InMemoryApiKeyRepository {
  override async list(): Promise<ApiKey[]> {
    const lists = [...this.store.organizations.keys()].map((id) => super.list(id));
    return (await Promise.all(lists)).flat();
  }
}

class ListsOldestFirst extends InMemoryApiKeyRepository {
  override async list(organizationId: string): Promise<ApiKey[]> {
    return (await super.list(organizationId)).reverse();
  }
}

class ListsEveryMember extends InMemoryApiKeyRepository {
  override async list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    return super.list(organizationId, { ...page, memberId: undefined });
  }
}

class ListsRevoked extends InMemoryApiKeyRepository {
  override async list(organizationId: string): Promise<ApiKey[]> {
    return [...this.store.apiKeys.values()].filter((each) => each.organizationId === organizationId);
  }
}

class HidesExpired extends InMemoryApiKeyRepository {
  override async list(organizationId: string): Promise<ApiKey[]> {
    return (await super.list(organizationId)).filter((apiKey) => apiKey.isActive(new Date()));
  }
}

class PagesByTimeAlone extends InMemoryApiKeyRepository {
  override async list(organizationId: string, { after, limit, ...page }: ApiKeyPage = {}): Promise<ApiKey[]> {
    const all = await super.list(organizationId, page);
    return all.filter(({ createdAt }) => after === undefined || createdAt < after.createdAt).slice(0, limit);
  }
}

class PagesByOffset extends InMemoryApiKeyRepository {
  override async list(organizationId: string, { after, limit, ...page }: ApiKeyPage = {}): Promise<ApiKey[]> {
    const all = await super.list(organizationId, page);
    return all.slice(all.findIndex(({ id }) => id === after?.id) + 1).slice(0, limit);
  }
}

class HidesRevokedOnAnyPage extends InMemoryApiKeyRepository {
  override list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    return super.list(organizationId, { ...page, includeRevoked: false });
  }
}

class GoesOnBehindTheEnd extends InMemoryApiKeyRepository {
  override list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    return super.list(organizationId, { ...page, until: undefined });
  }
}

class FindsForAnyone extends InMemoryApiKeyRepository {
  override find(_organizationId: string, apiKeyId: string): Promise<ApiKeyDetails | null> {
    return super.find(this.store.apiKeys.get(apiKeyId)?.organizationId ?? '', apiKeyId);
  }
}

class FindsByTheCurrentSecretAlone extends InMemoryApiKeyRepository {
  override async findByKeyPrefix(_organizationId: string | null, keyPrefix: string) {
    return referencesTo([...this.store.apiKeys.values()].filter((apiKey) => apiKey.keyPrefix === keyPrefix));
  }
}

class FindsByPresentSecretsAlone extends InMemoryApiKeyRepository {
  override async findByKeyPrefix(_organizationId: string | null, keyPrefix: string) {
    const found = await this.findCredential(keyPrefix);
    return referencesTo(found === null ? [] : [found.apiKey]);
  }
}

class FindsByPrefixForAnyone extends InMemoryApiKeyRepository {
  override findByKeyPrefix(_organizationId: string | null, keyPrefix: string) {
    return super.findByKeyPrefix(null, keyPrefix);
  }
}

class FindsAcceptedKeysAlone extends InMemoryApiKeyRepository {
  override async findByKeyPrefix(organizationId: string | null, keyPrefix: string) {
    const found = await super.findByKeyPrefix(organizationId, keyPrefix);
    return found.filter(({ id }) => this.store.apiKeys.get(id)?.isActive(new Date()));
  }
}

class FindsByTheBeginningOfAPrefix extends InMemoryApiKeyRepository {
  override async findByKeyPrefix(_organizationId: string | null, keyPrefix: string) {
    return referencesTo([...this.store.apiKeys.values()].filter((apiKey) => apiKey.keyPrefix.startsWith(keyPrefix)));
  }
}

class SearchesTheTextOfEvents extends InMemoryApiKeyRepository {
  override async findByKeyPrefix(organizationId: string | null, keyPrefix: string) {
    const found = await super.findByKeyPrefix(organizationId, keyPrefix);
    const events = this.store.auditEvents.filter(({ changes }) => JSON.stringify(changes).includes(keyPrefix));
    return found.length > 0 ? found : events.map((event) => ({ ...event, id: event.apiKeyId ?? '' }));
  }
}

function referencesTo(apiKeys: readonly ApiKey[]): readonly ApiKeyReference[] {
  return apiKeys.map(({ id, organizationId }) => ({ id, organizationId }));
}

class LooksAtTheCurrentSecretAlone extends InMemoryApiKeyRepository {
  override async findUnused(organizationId: string, since: Date): Promise<string[]> {
    const unused = ({ createdAt, lastUsedAt }: ApiKey) => (lastUsedAt ?? createdAt) < since;
    return (await this.list(organizationId)).filter(unused).map(({ id }) => id);
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
  [ListsEveryMember, 'a page of one member has its keys and no others'],
  [ListsOldestFirst, 'the list is sorted newest first'],
  [ListsRevoked, 'the list leaves revoked keys out'],
  [HidesExpired, 'the list shows expired keys'],
  [PagesByTimeAlone, 'a page goes on behind the key it names'],
  [PagesByOffset, 'a page goes on behind a key that was revoked'],
  [PagesByOffset, 'pages hold every key exactly once'],
  [HidesRevokedOnAnyPage, 'pages include revoked keys'],
  [GoesOnBehindTheEnd, 'a page ends with the key that it goes until'],
  [FindsForAnyone, "find yields the organization's own key"],
  [FindsByTheCurrentSecretAlone, 'findByKeyPrefix finds a key by every secret'],
  [FindsByPresentSecretsAlone, 'findByKeyPrefix finds a key by a secret that a rotation removed'],
  [FindsByPrefixForAnyone, "findByKeyPrefix finds no other organization's key"],
  [FindsAcceptedKeysAlone, 'findByKeyPrefix finds revoked, disabled'],
  [FindsByTheBeginningOfAPrefix, 'findByKeyPrefix finds exactly this public part'],
  [SearchesTheTextOfEvents, 'findByKeyPrefix goes by what a rotation calls key_prefix'],
  [LooksAtTheCurrentSecretAlone, 'a key is not unused while one of its secrets is used'],
  [FoldsCase, 'findCredential is null for a public part with the case of one letter changed'],
  [FindsBeginnings, 'findCredential is null for a public part without its last character'],
  [TrimsSpaces, 'findCredential is null for a public part with a newline behind'],
] as const;

describe('the contract of an adapter that reads keys', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
