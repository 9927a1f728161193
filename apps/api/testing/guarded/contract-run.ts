import type { ContractCase } from '@feather-identity/core/testing';
import type { StartedHost } from './started-host.js';

/**
 * The cases of a contract on one host, one after the other. Begun at once, runs of several hosts take no longer than the
 * longest: most of what they do is wait for keys to end.
 */
export class ContractRun {
  #outcomes: readonly Promise<void>[] = [];
  #host: Promise<StartedHost> | undefined;

  constructor(
    /** What stands in the name of its tests. */
    readonly title: string,
    readonly cases: readonly ContractCase<StartedHost>[],
    private readonly start: () => Promise<StartedHost>,
  ) {}

  begin(): void {
    const host = this.start();
    this.#host = host;
    let before: Promise<unknown> = host.catch(() => undefined);
    this.#outcomes = this.cases.map(({ run }) => {
      const outcome = before.then(async () => run(await host));
      before = outcome.catch(() => undefined);
      return outcome;
    });
  }

  /** What became of a case. */
  async outcomeOf(index: number): Promise<void> {
    await this.#outcomes[index];
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#outcomes);
    await (await this.#host)?.close();
  }
}
