import { Presets, SingleBar } from 'cli-progress';
import type { ImportTally } from './import-tally.js';
import type { SourceFile } from './rows-of-file.js';

/** A bar on standard error where that is a terminal; nothing elsewhere. */
export class Progress {
  readonly #bar = new SingleBar(
    { format: '{bar} {percentage}% | {rows} rows, {refused} refused | {eta_formatted} left', linewrap: true },
    Presets.shades_classic,
  );

  constructor(private readonly file: SourceFile) {
    this.#bar.start(file.bytes, 0, { rows: 0, refused: 0 });
  }

  show({ rows, refused }: ImportTally): void {
    this.#bar.update(this.file.bytesRead(), { rows, refused });
  }

  end(): void {
    this.#bar.stop();
  }
}
