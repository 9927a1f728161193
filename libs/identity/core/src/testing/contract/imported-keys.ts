import type { NewImportedApiKey } from '../../application/ports/api-key-repository.js';
import type { Member } from '../../domain/member.js';
import { aNewImportedApiKey } from '../builders.js';

/** Keys of another system, each another one. */
export function manyImported(owner: Member, count: number): NewImportedApiKey[] {
  return Array.from({ length: count }, () => aNewImportedApiKey(owner));
}

/** The same key once more, with new ids. */
export function importedAgain(owner: Member, { lookup, secret: { hash } }: NewImportedApiKey): NewImportedApiKey {
  return { ...aNewImportedApiKey(owner, {}, { hash }), lookup };
}
