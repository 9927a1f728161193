interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Does what is asked for in one turn of the event loop together. */
export class TurnBatch<Item, Answer> {
  #waiting: Waiting<Item, Answer>[] = [];

  /**
   * @param work - answers each item of a batch, in order
   * @param maxItems - of one batch
   */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly maxItems: number,
  ) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Immediates run when all sockets that were ready have been read.
      if (this.#waiting.push({ item, resolve, reject }) === 1) setImmediate(this.start);
    });
  }

  private readonly start = (): void => {
    const all = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < all.length; at += this.maxItems) void this.run(all.slice(at, at + this.maxItems));
  };

  private async run(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
