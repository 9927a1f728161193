import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import type { InsertTerms, NewApiKey } from '../../application/ports/api-key-repository.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { copyApiKey } from '../fakes/copies.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

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
  override insert(created: NewApiKey): Promise<void> {
    const { apiKey } = created;
    const createdAt = new Date(Math.floor(apiKey.createdAt.getTime() / 1000) * 1000);
    return super.insert({ ...created, apiKey: copyApiKey(apiKey, { createdAt }) });
  }
}

class NormalizesText extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey): Promise<void> {
    const { apiKey } = created;
    return super.insert({ ...created, apiKey: copyApiKey(apiKey, { name: apiKey.name.normalize() }) });
  }
}

class TakesNoScopesForAll extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey): Promise<void> {
    const { apiKey } = created;
    const grant = apiKey.grant.scopes.length === 0 ? ScopeGrant.unrestricted() : apiKey.grant;
    return super.insert({ ...created, apiKey: copyApiKey(apiKey, { grant }) });
  }
}

class IgnoresTheIssuer extends InMemoryApiKeyRepository {
  override insert(created: NewApiKey): Promise<void> {
    return super.insert(created);
  }
}

class LooksAtTheIssuerTooEarly extends InMemoryApiKeyRepository {
  override async insert(created: NewApiKey, terms?: InsertTerms): Promise<void> {
    const revoked = this.store.apiKeys.get(terms?.issuedBy?.id ?? '')?.revokedAt !== null;
    await nextTurn();
    await super.insert(created, revoked ? terms : {});
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
  [WritesHalf, 'insert stores the key, its secret and its event together'],
  [LosesNeighboursOfAFailure, 'a failed insert among concurrent ones'],
  [RoundsToSeconds, 'instants come back to the millisecond'],
  [NormalizesText, 'unusual but storable text'],
  [TakesNoScopesForAll, 'a grant comes back'],
] as const;

describe('the contract of an adapter that inserts keys', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
