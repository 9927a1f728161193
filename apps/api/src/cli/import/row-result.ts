/** The outcome of a row. `importable`: a dry run would have imported it. */
export interface RowResult {
  readonly number: number;
  readonly outcome: 'imported' | 'importable' | 'already_imported' | 'refused';
  /** The prefix of the key as shown to people, if the row has it. */
  readonly keyPrefix: string | null;
  /** Why it is refused; null if it is not. */
  readonly reason: string | null;
}

/** A row that is refused for this reason. */
export function refused(number: number, reason: string): RowResult {
  return { number, outcome: 'refused', keyPrefix: null, reason };
}
