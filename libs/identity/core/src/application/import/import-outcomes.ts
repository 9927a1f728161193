import { withoutPepperName } from '../../domain/imported-api-key.js';
import type { InsertOutcome, NewImportedApiKey } from '../ports/api-key-repository.js';

/** What is taken already of what keys are about to be stored with. */
export interface TakenTexts {
  /** The hashes of imported secrets, each with the id of its organization. */
  readonly hashes: Iterable<readonly [hash: string, organizationId: string]>;
  readonly lookups: Iterable<string>;
  readonly keyPrefixes: Iterable<string>;
}

/** What becomes of each key of an import, in order, as `ApiKeyRepository.insertImported` promises. */
export function importOutcomes(imported: readonly NewImportedApiKey[], taken: TakenTexts): InsertOutcome[] {
  const hashes = new Map([...taken.hashes].map(([hash, owner]) => [withoutPepperName(hash), owner]));
  const lookups = new Set(taken.lookups);
  const keyPrefixes = new Set(taken.keyPrefixes);
  return imported.map(({ apiKey: { organizationId }, lookup, secret }) => {
    const hash = withoutPepperName(secret.hash ?? '');
    const owner = hashes.get(hash);
    if (owner !== undefined) return owner === organizationId ? 'already_imported' : 'taken_by_another_organization';
    if (lookups.has(lookup)) return 'lookup_taken';
    if (keyPrefixes.has(secret.keyPrefix)) return 'prefix_taken';
    hashes.set(hash, organizationId);
    lookups.add(lookup);
    keyPrefixes.add(secret.keyPrefix);
    return 'imported';
  });
}
