import type { InsertOutcome, NewImportedApiKey } from './ports/api-key-repository.js';

/** What is taken already of what keys are about to be stored with. */
export interface TakenTexts {
  /** The stored hash of each look-up text. */
  readonly hashes: ReadonlyMap<string, string | null>;
  readonly keyPrefixes: Iterable<string>;
}

/** What becomes of each key of an import, in order, as `ApiKeyRepository.insertImported` promises. */
export function importOutcomes(imported: readonly NewImportedApiKey[], taken: TakenTexts): InsertOutcome[] {
  const hashes = new Map(taken.hashes);
  const keyPrefixes = new Set(taken.keyPrefixes);
  return imported.map(({ lookup, secret: { hash, keyPrefix } }) => {
    const stored = hashes.get(lookup);
    if (stored !== undefined) return stored === hash ? 'already_imported' : 'lookup_taken';
    if (keyPrefixes.has(keyPrefix)) return 'prefix_taken';
    hashes.set(lookup, hash);
    keyPrefixes.add(keyPrefix);
    return 'imported';
  });
}
