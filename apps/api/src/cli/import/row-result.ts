/** What became of a row. `importable`: it would be imported, were this no dry run. */
export interface RowResult {
  readonly number: number;
  readonly outcome: 'imported' | 'importable' | 'already_imported' | 'refused';
  /** How the key is shown to people, where the row says it. */
  readonly keyPrefix: string | null;
  /** Why it is refused; null where it is not. */
  readonly reason: string | null;
}

/** A row that is refused for this reason. */
export function refused(number: number, reason: string): RowResult {
  return { number, outcome: 'refused', keyPrefix: null, reason };
}
