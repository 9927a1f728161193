import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import type {
  ApiKeyChange,
  ApiKeyDetails,
  InsertTerms,
  NewApiKey,
} from '../../application/ports/api-key-repository.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

// Each class breaks one promise, as an adapter would: a count before the insert, a forgotten column.

class CountsBeforeItInserts extends InMemoryApiKeyRepository {
  override async insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const { length } = await this.list(created.apiKey.organizationId);
    await nextTurn();
    await super.insert(created, length < (terms.maxKeys ?? Infinity) ? { issuedBy: terms.issuedBy } : terms);
  }
}

class CountsEveryOrganization extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const foreign = [...this.store.apiKeys.values()].filter(
      (each) => each.organizationId !== created.apiKey.organizationId && each.revokedAt === null,
    );
    return super.insert(created, { ...terms, maxKeys: (terms.maxKeys ?? Infinity) - foreign.length });
  }
}

class CountsRevokedKeys extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const revoked = [...this.store.apiKeys.values()].filter(({ revokedAt }) => revokedAt !== null);
    return super.insert(created, { ...terms, maxKeys: (terms.maxKeys ?? Infinity) - revoked.length });
  }
}

class CountsExpiredKeys extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const { organizationId } = created.apiKey;
    const expired = [...this.store.apiKeys.values()].filter(
      (each) => each.organizationId === organizationId && each.hasExpired(created.event.occurredAt),
    );
    return super.insert(created, { ...terms, maxKeys: (terms.maxKeys ?? Infinity) - expired.length });
  }
}

class RevivesWithoutCounting extends InMemoryApiKeyRepository {
  override change(
    organizationId: string,
    apiKeyId: string,
    decide: (current: ApiKeyDetails) => ApiKeyChange | null,
  ): Promise<ApiKeyDetails> {
    return super.change(organizationId, apiKeyId, (current) => {
      const change = decide(current);
      return change && { ...change, maxKeys: undefined };
    });
  }
}

class AllowsOneMore extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    return super.insert(created, { ...terms, maxKeys: (terms.maxKeys ?? Infinity) + 1 });
  }
}

class NeverMakesRoomAgain extends InMemoryApiKeyRepository {
  readonly #full = new Set<string>();

  override async insert(created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
    const { organizationId } = created.apiKey;
    if (terms.maxKeys !== undefined && this.#full.has(organizationId)) terms = { maxKeys: 0 };
    await super.insert(created, terms);
    const { length } = await this.list(organizationId);
    if (length >= (terms.maxKeys ?? Infinity)) this.#full.add(organizationId);
  }
}

class TakesTheCallerAtItsWord extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, { issuedBy, maxKeys }: InsertTerms = {}): Promise<void> {
    const stored = this.store.apiKeys.get(issuedBy?.id ?? '');
    return super.insert(created, { issuedBy: stored?.disabledAt === null ? stored : issuedBy, maxKeys });
  }
}

class LooksAtRevocationAlone extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey, { issuedBy, ...terms }: InsertTerms = {}): Promise<void> {
    const isRevoked = this.store.apiKeys.get(issuedBy?.id ?? '')?.revokedAt !== null;
    return super.insert(created, isRevoked ? { issuedBy, ...terms } : terms);
  }
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [CountsBeforeItInserts, 'of 64 concurrent inserts exactly one'],
  [CountsEveryOrganization, 'disabled keys count, expired and revoked ones'],
  [CountsExpiredKeys, 'disabled keys count, expired and revoked ones'],
  [CountsExpiredKeys, 'a key counts until it ends'],
  [RevivesWithoutCounting, 'an expired key that is given a later end'],
  [CountsRevokedKeys, 'each revocation makes room'],
  [AllowsOneMore, 'insert refuses one key more than allowed'],
  [AllowsOneMore, 'a limit of keys is the number of all keys'],
  [NeverMakesRoomAgain, 'each revocation makes room'],
  [TakesTheCallerAtItsWord, 'insert and change refuse the word of a key that lost a scope'],
  [TakesTheCallerAtItsWord, 'insert and change refuse the word of a key that has no end any more'],
  [LooksAtRevocationAlone, 'insert and change refuse the word of a key that was disabled'],
  [LooksAtRevocationAlone, "insert and change refuse the word of another organization's key"],
] as const;

describe('the contract of an adapter that limits keys and goes by the word of others', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
