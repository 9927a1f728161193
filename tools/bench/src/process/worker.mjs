import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const KILL_AFTER_MS = 15_000;

/** Whether processes can be kept on one core here. */
export const canPin = spawnSync('taskset', ['-V']).status === 0;

/** A process of the bench that answers questions; it ends when it is stopped or when the bench ends. */
class Worker {
  #child;
  #questions = new Map();
  #next = 0;

  constructor(child) {
    this.#child = child;
    child.on('message', ({ id, result, error }) => {
      const question = this.#questions.get(id);
      this.#questions.delete(id);
      if (error === undefined) question?.resolve(result);
      else question?.reject(new Error(error));
    });
    child.once('exit', (code, signal) => {
      for (const { reject } of this.#questions.values()) reject(new Error(`A process ended (${signal ?? code}).`));
      this.#questions.clear();
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Asks, and resolves with the answer. */
  ask(command, payload) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) return reject(new Error(`A process is gone that was asked to ${command}.`));
      this.#questions.set(id, { resolve, reject });
      this.#child.send({ id, command, payload });
    });
  }

  /** Ends the process and waits until it is gone. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    if (this.#child.connected) this.#child.disconnect();
    await gone;
    clearTimeout(timer);
  }
}

/** Starts `script`, on one core where `core` is given and the system can do it. */
export function startWorker(script, { core, execArgv = [], env = {} } = {}) {
  const node = [process.execPath, ...execArgv, script];
  const [command, ...args] = core !== undefined && canPin ? ['taskset', '-c', String(core), ...node] : node;
  // Standard output of a service is its log; it goes nowhere, as into a collector that costs nothing.
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return new Worker(child);
}
