/** How an imported secret is stored. */
export interface StoredImport {
  /** As `ImportedApiKey.hash`. */
  readonly hash: string;
  /** As `ImportedApiKey.lookup`. */
  readonly lookup: string;
  /** Whether it has a proof, so that its hash is not needed any more. Default: false. */
  readonly isProven?: boolean;
}

/** The keys of other systems that an installation accepts, and how their rows are found. */
export abstract class ImportedKeys {
  /** The look-up texts that the row of this key may have, the most specific first; none for a text that cannot be a key. */
  abstract lookupsOf(plainText: string): readonly string[];

  /** Whether a key that is stored like this is found, and can be verified with the peppers at hand. */
  abstract finds(stored: StoredImport): boolean;
}
