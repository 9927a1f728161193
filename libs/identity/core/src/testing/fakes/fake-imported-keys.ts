import { createHash } from 'node:crypto';
import { ImportedKeys, type StoredImport } from '../../application/ports/imported-keys.js';
import { isLegacyKey } from '../../domain/imported-api-key.js';

/** Accepts keys that were imported with their SHA-256, or are found by their first 8 characters. */
export class FakeImportedKeys extends ImportedKeys {
  override lookupsOf(plainText: string): readonly string[] {
    if (!isLegacyKey(plainText)) return [];
    const digest = createHash('sha256').update(plainText).digest('base64url');
    return [`sha256:${digest}`, `prefix:${plainText.slice(0, 8)}`];
  }

  override finds({ lookup }: StoredImport): boolean {
    return lookup.startsWith('sha256:') || /^prefix:.{8}$/.test(lookup);
  }
}
