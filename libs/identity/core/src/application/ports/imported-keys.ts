/** Which keys of other systems an installation accepts, and what their rows are found by. */
export abstract class ImportedKeys {
  /** The look-up texts that a row of this key may be stored with, the surest first; none for what can be no key. */
  abstract lookupsOf(plainText: string): readonly string[];

  /** Whether a key that is stored with this look-up text is found here. */
  abstract finds(lookup: string): boolean;
}
