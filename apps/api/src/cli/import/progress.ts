import { Presets, SingleBar } from 'cli-progress';
import type { ImportTally } from './import-tally.js';
import type { SourceFile } from './rows-of-file.js';

const FORMAT = '{bar} {percentage}% | {rows} rows, {refused} refused | {eta_formatted} left';

/** A progress bar on standard error, if that is a terminal. */
export class Progress {
  readonly #bar: SingleBar;

  constructor(
    private readonly file: Pick<SourceFile, 'bytes' | 'bytesRead'>,
    stream: NodeJS.WritableStream = process.stderr,
  ) {
    this.#bar = new SingleBar({ format: FORMAT, linewrap: true, stream }, Presets.shades_classic);
    this.#bar.start(file.bytes, 0, { rows: 0, refused: 0 });
  }

  show({ rows, refused }: Pick<ImportTally, 'rows' | 'refused'>): void {
    this.#bar.update(this.file.bytesRead(), { rows, refused });
  }

  end(): void {
    this.#bar.stop();
  }
}
