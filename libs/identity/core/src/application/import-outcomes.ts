import type { InsertOutcome, NewImportedApiKey } from './ports/api-key-repository.js';

/** What is taken already of what keys are about to be stored with. */
export interface TakenTexts {
  readonly lookups: Iterable<string>;
  readonly keyPrefixes: Iterable<string>;
}

/** What becomes of each key of an import, in order, as `ApiKeyRepository.insertImported` promises. */
export function importOutcomes(imported: readonly NewImportedApiKey[], taken: TakenTexts): InsertOutcome[] {
  const lookups = new Set(taken.lookups);
  const keyPrefixes = new Set(taken.keyPrefixes);
  return imported.map(({ lookup, secret: { keyPrefix } }) => {
    if (lookups.has(lookup)) return 'already_imported';
    if (keyPrefixes.has(keyPrefix)) return 'prefix_taken';
    lookups.add(lookup);
    keyPrefixes.add(keyPrefix);
    return 'imported';
  });
}
