import type { InsertOutcome, NewImportedApiKey } from '../../application/ports/api-key-repository.js';
import { importOutcomes } from '../../application/import/import-api-keys.js';
import type { InMemoryStore } from './in-memory-store.js';

/** `ApiKeyRepository.insertImported` in memory. */
export function insertImported(
  store: InMemoryStore,
  imported: readonly NewImportedApiKey[],
  dryRun: boolean,
): readonly InsertOutcome[] {
  const { apiKeys, importedSecrets, secrets } = store;
  const hashes = [...importedSecrets.values()].map((id) => {
    const secret = secrets.get(id);
    return [secret?.hash ?? '', apiKeys.get(secret?.apiKeyId ?? '')?.organizationId ?? ''] as const;
  });
  const keyPrefixes = [...secrets.values()].map(({ keyPrefix }) => keyPrefix);
  const outcomes = importOutcomes(imported, { hashes, lookups: importedSecrets.keys(), keyPrefixes });
  const wanted = dryRun ? [] : imported.filter((_, index) => outcomes[index] === 'imported');
  store.addApiKeys(wanted);
  for (const { lookup, secret } of wanted) store.importedSecrets.set(lookup, secret.id);
  return outcomes;
}
