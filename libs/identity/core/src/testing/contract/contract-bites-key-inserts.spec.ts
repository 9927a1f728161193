import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import type { NewApiKey } from '../../application/ports/api-key-repository.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { copyApiKey } from '../fakes/copies.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { InMemoryOrganizationRepository } from '../fakes/in-memory-organization-repository.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';

// Each class breaks one promise, as an adapter would: `save` for `insert`, a forgotten filter, a race.

class OverwritesRows extends InMemoryApiKeyRepository {
  override async insert(created: NewApiKey): Promise<void> {
    this.store.putApiKey(created);
  }
}

class WritesHalf extends InMemoryApiKeyRepository {
  override async insert(created: NewApiKey): Promise<void> {
    const keyIsNew = !this.store.apiKeys.has(created.apiKey.id);
    await super.insert(created).catch((error: unknown) => {
      if (keyIsNew) this.store.apiKeys.set(created.apiKey.id, created.apiKey);
      throw error;
    });
  }
}

class LosesNeighboursOfAFailure extends InMemoryApiKeyRepository {
  #running = new Set<NewApiKey>();

  override async insert(created: NewApiKey): Promise<void> {
    this.#running.add(created);
    await super.insert(created).catch((error: unknown) => {
      for (const { apiKey } of this.#running) this.store.apiKeys.delete(apiKey.id);
      throw error;
    });
    await Promise.resolve();
    this.#running.delete(created);
  }
}

class RoundsToSeconds extends InMemoryApiKeyRepository {
  override insert({ apiKey, secret }: NewApiKey): Promise<void> {
    const createdAt = new Date(Math.floor(apiKey.createdAt.getTime() / 1000) * 1000);
    return super.insert({ apiKey: copyApiKey(apiKey, { createdAt }), secret });
  }
}

class NormalizesText extends InMemoryApiKeyRepository {
  override insert({ apiKey, secret }: NewApiKey): Promise<void> {
    return super.insert({ apiKey: copyApiKey(apiKey, { name: apiKey.name.normalize() }), secret });
  }
}

class TakesNoScopesForAll extends InMemoryApiKeyRepository {
  override insert({ apiKey, secret }: NewApiKey): Promise<void> {
    const grant = apiKey.grant.scopes.length === 0 ? ScopeGrant.unrestricted() : apiKey.grant;
    return super.insert({ apiKey: copyApiKey(apiKey, { grant }), secret });
  }
}

class IgnoresTheIssuer extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey): Promise<void> {
    return super.insert(created);
  }
}

class LooksAtTheIssuerTooEarly extends InMemoryApiKeyRepository {
  override async insert(created: NewApiKey, issuedBy?: string): Promise<void> {
    const revoked = issuedBy !== undefined && this.store.apiKeys.get(issuedBy)?.revokedAt !== null;
    await nextTurn();
    await super.insert(created, revoked ? issuedBy : undefined);
  }
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [OverwritesRows, 'insert refuses a taken id'],
  [OverwritesRows, 'insert refuses a taken public part'],
  [OverwritesRows, 'insert refuses the public part of a revoked key'],
  [OverwritesRows, 'of concurrent inserts with one public part'],
  [IgnoresTheIssuer, 'insert refuses a key issued by a revoked one'],
  [IgnoresTheIssuer, 'insert refuses a key issued by one that does not exist'],
  [LooksAtTheIssuerTooEarly, 'no key is there that was issued after its issuer was revoked'],
  [WritesHalf, 'insert stores the key and its secret together'],
  [LosesNeighboursOfAFailure, 'a failed insert among concurrent ones'],
  [RoundsToSeconds, 'instants come back to the millisecond'],
  [NormalizesText, 'unusual but storable text'],
  [TakesNoScopesForAll, 'a grant comes back'],
] as const;

describe('the contract of an adapter that inserts keys', () => {
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
