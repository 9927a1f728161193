const MINUTE_MS = 60_000;

/** Limits the log lines of one kind in a minute: a flood of requests must not fill the disk. */
export class LineBudget {
  #written = 0;
  #leftOut = 0;
  #minute: NodeJS.Timeout | undefined;

  constructor(
    private readonly linesPerMinute: number,
    private readonly onLeftOut: (count: number) => void,
  ) {}

  /** Whether one more line may be written. At the end of the minute `onLeftOut` gets the number of those that were not. */
  spend(): boolean {
    this.#minute ??= setTimeout(() => this.#end(), MINUTE_MS).unref();
    if (this.#written < this.linesPerMinute) {
      this.#written += 1;
      return true;
    }
    this.#leftOut += 1;
    return false;
  }

  #end(): void {
    if (this.#leftOut > 0) this.onLeftOut(this.#leftOut);
    this.#written = 0;
    this.#leftOut = 0;
    this.#minute = undefined;
  }
}
