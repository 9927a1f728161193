import type { RowResult } from './row-result.js';

/** How many refusals are printed at the end; the report has all of them. */
const SAMPLES = 10;

/** Counts rows by outcome, and keeps the first refusals. */
export class ImportTally {
  readonly #counts = { imported: 0, importable: 0, already_imported: 0, refused: 0 };
  readonly #samples: RowResult[] = [];

  add(results: readonly RowResult[]): void {
    for (const result of results) {
      this.#counts[result.outcome] += 1;
      if (result.outcome === 'refused' && this.#samples.length < SAMPLES) this.#samples.push(result);
    }
  }

  get rows(): number {
    const { imported, importable, already_imported, refused } = this.#counts;
    return imported + importable + already_imported + refused;
  }

  get refused(): number {
    return this.#counts.refused;
  }

  /** The counts by outcome. A dry run has `importable` in place of `imported`. */
  counts(dryRun: boolean): Readonly<Record<string, number>> {
    const { imported, importable, already_imported, refused } = this.#counts;
    return { rows: this.rows, ...(dryRun ? { importable } : { imported }), already_imported, refused };
  }

  /** A line for each of the first refusals, and one for the others. */
  refusals(): string[] {
    const more = this.refused - this.#samples.length;
    return [
      ...this.#samples.map(({ number, reason }) => `row ${number}: ${reason ?? ''}`),
      ...(more > 0 ? [`and ${more} more: --report FILE names each`] : []),
    ];
  }
}
