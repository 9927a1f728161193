import { withoutPepperName } from '../domain/imported-api-key.js';
import type { InsertOutcome, NewImportedApiKey } from './ports/api-key-repository.js';

/** What is taken already of what keys are about to be stored with. */
export interface TakenTexts {
  /** Of imported secrets. */
  readonly hashes: Iterable<string>;
  readonly lookups: Iterable<string>;
  readonly keyPrefixes: Iterable<string>;
}

/** What becomes of each key of an import, in order, as `ApiKeyRepository.insertImported` promises. */
export function importOutcomes(imported: readonly NewImportedApiKey[], taken: TakenTexts): InsertOutcome[] {
  const hashes = new Set([...taken.hashes].map(withoutPepperName));
  const lookups = new Set(taken.lookups);
  const keyPrefixes = new Set(taken.keyPrefixes);
  return imported.map(({ lookup, secret }) => {
    const hash = withoutPepperName(secret.hash ?? '');
    if (hashes.has(hash)) return 'already_imported';
    if (lookups.has(lookup)) return 'lookup_taken';
    if (keyPrefixes.has(secret.keyPrefix)) return 'prefix_taken';
    hashes.add(hash);
    lookups.add(lookup);
    keyPrefixes.add(secret.keyPrefix);
    return 'imported';
  });
}
