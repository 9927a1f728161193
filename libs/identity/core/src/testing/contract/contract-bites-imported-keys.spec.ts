import { describe, it } from '@jest/globals';
import type { InsertOutcome, NewImportedApiKey, ProofRenewal } from '../../application/ports/api-key-repository.js';
import { InMemoryApiKeyRepository } from '../fakes/in-memory-api-key-repository.js';
import { apiKeyRepositoryContract } from './api-key-repository-contract.js';
import { assertCatches } from './contract-case.js';
import { inMemoryHarness } from './in-memory-harness.js';

type Imported = readonly NewImportedApiKey[];
type Outcomes = Promise<readonly InsertOutcome[]>;

// Each class breaks one promise, as an adapter would: an upsert, a loop without a transaction, a LIKE.

class ImportsAgain extends InMemoryApiKeyRepository {
  override insertImported(imported: Imported): Outcomes {
    this.store.importedSecrets.clear();
    return super.insertImported(imported);
  }
}

class TakesAlikeForTheSame extends InMemoryApiKeyRepository {
  override async insertImported(imported: Imported): Outcomes {
    const outcomes = await super.insertImported(imported);
    return outcomes.map((outcome) => (outcome === 'lookup_taken' ? 'already_imported' : outcome));
  }
}

class ImportsOneByOne extends InMemoryApiKeyRepository {
  override async insertImported(imported: Imported): Outcomes {
    const outcomes: InsertOutcome[] = [];
    for (const each of imported) outcomes.push(...(await super.insertImported([each])));
    return outcomes;
  }
}

class StoresWhatIsTried extends InMemoryApiKeyRepository {
  override insertImported(imported: Imported): Outcomes {
    return super.insertImported(imported);
  }
}

class LooksTooEarly extends InMemoryApiKeyRepository {
  override async insertImported(imported: Imported): Outcomes {
    const outcomes = await super.insertImported(imported, { dryRun: true });
    await Promise.resolve();
    for (const [at, each] of imported.entries()) if (outcomes[at] === 'imported') this.store.putApiKey(each);
    return outcomes;
  }
}

class RefusesTheWholeBatch extends InMemoryApiKeyRepository {
  override async insertImported(imported: Imported): Outcomes {
    const outcomes = await super.insertImported(imported, { dryRun: true });
    return outcomes.every((outcome) => outcome === 'imported') ? super.insertImported(imported) : outcomes;
  }
}

class TakesPatterns extends InMemoryApiKeyRepository {
  override async findImported(lookups: readonly string[]): Promise<string | null> {
    const exact = await super.findImported(lookups);
    const [pattern = ''] = lookups.filter((lookup) => lookup.endsWith('%'));
    const [like] = [...this.store.importedSecrets.keys()].filter((each) => each.startsWith(pattern.slice(0, -1)));
    return exact ?? (pattern === '' ? null : super.findImported([like ?? '']));
  }
}

class AnswersForAnyText extends InMemoryApiKeyRepository {
  override findImported(lookups: readonly string[]): Promise<string | null> {
    return super.findImported(lookups.toReversed());
  }
}

class ForgetsEndedSecrets extends InMemoryApiKeyRepository {
  override findImported(lookups: readonly string[]): Promise<string | null> {
    for (const [lookup, id] of this.store.importedSecrets) {
      const validUntil = this.store.secrets.get(id)?.validUntil;
      if (validUntil?.getTime() === 0) this.store.importedSecrets.delete(lookup);
    }
    return super.findImported(lookups);
  }
}

class RevivesRevokedKeys extends InMemoryApiKeyRepository {
  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    for (const { secretId, proof } of renewals) {
      const secret = this.store.secrets.get(secretId);
      if (secret) this.store.secrets.set(secretId, { ...secret, proof });
    }
  }
}

const CAUGHT = [
  [ImportsAgain, 'insertImported tells one outcome a key'],
  [ImportsAgain, 'an import that is repeated'],
  [ImportsAgain, 'a revoked imported key'],
  [TakesAlikeForTheSame, 'insertImported never takes a key for another'],
  [ImportsOneByOne, 'insertImported stores all of its keys or none'],
  [StoresWhatIsTried, 'insertImported with dryRun'],
  [LooksTooEarly, 'of concurrent imports of the same keys'],
  [RefusesTheWholeBatch, 'insertImported tells one outcome a key'],
  [TakesPatterns, 'findImported answers for the first text'],
  [AnswersForAnyText, 'findImported answers for the first text'],
  [ForgetsEndedSecrets, 'an imported secret that rotations have ended'],
  [RevivesRevokedKeys, 'a revoked imported key'],
] as const;

describe('the contract of an adapter that imports keys', () => {
  for (const [Adapter, promise] of CAUGHT) {
    it(`catches one that ${Adapter.name}: ${promise}`, async () => {
      const harness = inMemoryHarness((store) => ({ apiKeys: new Adapter(store) }));
      await assertCatches(apiKeyRepositoryContract, promise, harness);
    });
  }
});
