import { type ChildProcess, fork } from 'node:child_process';
import { WORKSPACE } from './workspace.js';

const helpers = new Set<Helper>();

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A program of the tests that answers one message at a time. */
class Helper {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  /** How the message is answered that it works on, if any. */
  #pending: Pending | undefined;

  constructor(readonly program: string) {
    this.#process = fork(program, { cwd: WORKSPACE, execArgv: [], env: { PATH: process.env['PATH'] } });
    this.#process.on('message', (answer) => this.#pending?.resolve(answer));
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', (status) => {
        helpers.delete(this);
        this.#pending?.reject(new Error(`${program} ended with status ${String(status)}`));
        resolve();
      });
    });
    helpers.add(this);
  }

  get isIdle(): boolean {
    return this.#pending === undefined;
  }

  async ask(message: object): Promise<unknown> {
    try {
      return await new Promise((resolve, reject) => {
        this.#pending = { resolve, reject };
        this.#process.send(message);
      });
    } finally {
      this.#pending = undefined;
    }
  }

  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

/** Sends a message to a helper that has nothing to do, or to a new one, and returns its answer. */
export function askHelper(program: string, message: object): Promise<unknown> {
  const idle = [...helpers].find((helper) => helper.program === program && helper.isIdle);
  return (idle ?? new Helper(program)).ask(message);
}

/** Ends the helpers that the tests of a file had. */
export async function endHelpers(): Promise<void> {
  await Promise.all([...helpers].map((helper) => helper.end()));
}
