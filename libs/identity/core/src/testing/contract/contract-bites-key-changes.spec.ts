import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import type { ApiKeyChange, ApiKeyDetails } from '../../application/ports/api-key-repository.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { copyApiKey } from '../fakes/copies.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

// Each class breaks one promise, as an adapter would: a read before the transaction, `save` for `update`.

type Decide = (current: ApiKeyDetails) => ApiKeyChange | null;

class DecidesBeforeItLocks extends InMemoryApiKeyRepository {
  override async change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    const early = await this.find(organizationId, id);
    await nextTurn();
    return super.change(organizationId, id, (current) => decide(early ?? current), by);
  }
}

class LooksAtTheCallerTooEarly extends InMemoryApiKeyRepository {
  override async change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    await super.change(organizationId, id, () => null, by);
    await nextTurn();
    return super.change(organizationId, id, decide);
  }
}

class ChangesForAnyone extends InMemoryApiKeyRepository {
  override change(_organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    return super.change(this.store.apiKeys.get(id)?.organizationId ?? '', id, decide, by);
  }
}

class SavesTheWholeKey extends InMemoryApiKeyRepository {
  override change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    const save = (current: ApiKeyDetails) => {
      const change = decide(current);
      void nextTurn().then(() => change && this.store.apiKeys.set(id, copyApiKey(change.apiKey)));
      return change;
    };
    const changed = super.change(organizationId, id, save, by);
    return nextTurn().then(() => changed);
  }
}

class ForgetsTheEvent extends InMemoryApiKeyRepository {
  override async change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    const details = await super.change(organizationId, id, decide, by);
    this.store.auditEvents.pop();
    return details;
  }
}

class KeepsHalfOfAFailure extends InMemoryApiKeyRepository {
  override change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    const write = (current: ApiKeyDetails) => {
      const change = decide(current);
      if (change) this.store.apiKeys.set(id, copyApiKey(current.apiKey, { name: change.apiKey.name }));
      return change;
    };
    return super.change(organizationId, id, write, by);
  }
}

/** Changes secrets after each rotation. */
abstract class AltersSecrets extends InMemoryApiKeyRepository {
  abstract alter(secret: ApiKeySecret, rotation: NonNullable<ApiKeyChange['rotation']>): ApiKeySecret;

  override async change(organizationId: string, id: string, decide: Decide, by?: ApiKey | null) {
    let rotation: ApiKeyChange['rotation'];
    let before: readonly ApiKeySecret[] = [];
    await super.change(
      organizationId,
      id,
      (current) => {
        const change = decide(current);
        [rotation, before] = [change?.rotation, current.secrets];
        return change;
      },
      by,
    );
    for (const secret of rotation ? before : []) {
      const stored = this.store.secrets.get(secret.id) ?? secret;
      if (rotation) this.store.secrets.set(secret.id, this.alter(stored, rotation));
    }
    return super.change(organizationId, id, () => null, by);
  }
}

class ProlongsEarlierSecrets extends AltersSecrets {
  override alter(secret: ApiKeySecret, { previousValidUntil: validUntil }: NonNullable<ApiKeyChange['rotation']>) {
    return { ...secret, validUntil };
  }
}

class KeepsEndedSecrets extends AltersSecrets {
  override alter(secret: ApiKeySecret) {
    return secret;
  }
}

class ForgetsTheLastUse extends AltersSecrets {
  override alter(secret: ApiKeySecret) {
    return { ...secret, lastUsedAt: null };
  }
}

/** A broken adapter, and the beginning of a promise that must catch it. */
const CAUGHT = [
  [DecidesBeforeItLocks, 'concurrent changes of one key follow each other'],
  [LooksAtTheCallerTooEarly, 'nothing is changed on the word of a key after its revocation'],
  [ChangesForAnyone, "change refuses an unknown id, another organization's key"],
  [SavesTheWholeKey, 'change writes what describes and limits a key'],
  [ForgetsTheEvent, 'change writes its event'],
  [KeepsHalfOfAFailure, 'change and its event are stored together'],
  [ProlongsEarlierSecrets, 'a rotation lets no earlier secret live longer'],
  [KeepsEndedSecrets, 'a rotation removes secrets whose time was over'],
  [ForgetsTheLastUse, 'the secret that was current takes over'],
] as const;

describe('the contract of an adapter that changes keys as a whole', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
