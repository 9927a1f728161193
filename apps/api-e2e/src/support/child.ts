import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** Environment variables by name. */
export type Settings = Readonly<Record<string, string>>;

/** These variables and, of the environment of the tests, what Node needs. */
export function environment(folder: string, settings: Settings): Settings {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, ...settings };
}

/** How a process ended: its exit status, or null when a signal ended it. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running Node program, with everything it prints. */
export class Child {
  readonly outcome: Promise<Outcome>;
  readonly #process: ChildProcessWithoutNullStreams;
  #stdout = '';
  #stderr = '';

  /**
   * Starts `node script ...args` with these variables and, of the environment of the tests, what Node needs.
   *
   * @param input - what it reads from standard input; default: nothing
   */
  constructor(folder: string, script: readonly string[], settings: Settings = {}, input = '') {
    this.#process = spawn(process.execPath, script, { cwd: folder, env: environment(folder, settings), stdio: 'pipe' });
    // It may end without reading.
    this.#process.stdin.on('error', () => undefined).end(input);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.outcome = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      // `close` comes after the last output, `exit` may come before it.
      this.#process.once('close', (status) => {
        resolve({ status, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Everything printed so far, on either stream. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves with what `find` makes of the standard output as soon as that is defined. */
  async printed<T>(find: (stdout: string) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find(this.#stdout);
        if (found !== undefined) resolve(found);
      };
      this.#process.stdout.on('data', look);
      this.outcome.then(({ status }) => {
        reject(new Error(`The process ended with status ${String(status)}:\n${this.output}`));
      }, reject);
      look();
    });
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Outcome> {
    this.signal(signal);
    return this.outcome;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}
