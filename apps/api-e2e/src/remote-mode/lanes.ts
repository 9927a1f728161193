import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, GuardedApp } from '../support/guarded-app.js';

const PAUSE_MS = 100;

/** Requests with these keys, each key again and again, until they are told to end. */
export class Lanes {
  readonly exchanges: Exchange[] = [];
  readonly #lanes: readonly Promise<void>[];
  #isOver = false;

  constructor(
    private readonly app: GuardedApp,
    keys: readonly string[],
  ) {
    this.#lanes = keys.map((key) => this.run(key));
  }

  /** Begins so many requests of each key at once, on top of the others. */
  burst(keys: readonly string[], each: number): Promise<unknown> {
    return Promise.all(keys.flatMap((key) => Array.from({ length: each }, () => this.ask(key))));
  }

  /** Resolves when the last request has its answer. Rejects where one had none. */
  async end(): Promise<readonly Exchange[]> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
    return this.exchanges;
  }

  private async run(key: string): Promise<void> {
    while (!this.#isOver) {
      await this.ask(key);
      await sleep(PAUSE_MS);
    }
  }

  private async ask(key: string): Promise<void> {
    this.exchanges.push(await this.app.ask(key));
  }
}
