import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a program ended, and all that it printed. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** A running Node program whose environment has these variables and no others. */
export class Program {
  readonly outcome: Promise<Outcome>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';

  constructor(folder: string, script: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const env = { HOME: folder, ...variables };
    this.#process = spawn(process.execPath, script, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.outcome = new Promise((resolve) => {
      this.#process.once('close', (status) => {
        resolve({ status, output: this.#output });
      });
    });
  }

  /** Resolves with the first group of a pattern as soon as it was printed. */
  async printed(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [, found] = pattern.exec(this.#output) ?? [];
        if (found !== undefined) resolve(found);
      };
      for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', look);
      void this.outcome.then(({ output }) => {
        reject(new Error(`The program ended before it printed ${String(pattern)}:\n${output}`));
      });
      look();
    });
  }

  /** Asks for the end and waits for it. */
  async stop(): Promise<Outcome> {
    this.#process.kill('SIGTERM');
    return this.outcome;
  }
}
