/** How an imported secret is stored. */
export interface StoredImport {
  /** As `ImportedApiKey.hash`. */
  readonly hash: string;
  /** As `ImportedApiKey.lookup`. */
  readonly lookup: string;
  /** Whether it has a proof of ours, so that its hash is not needed. */
  readonly isProven?: boolean;
}

/** Which keys of other systems an installation accepts, and what their rows are found by. */
export abstract class ImportedKeys {
  /** The look-up texts that a row of this key may be stored with, the surest first; none for what can be no key. */
  abstract lookupsOf(plainText: string): readonly string[];

  /** Whether a key that is stored so is found here, and its foreign pepper is at hand where it needs one. */
  abstract finds(stored: StoredImport): boolean;
}
