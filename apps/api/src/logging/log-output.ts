import { pino } from 'pino';

/** Lines that wait for a reader or for space on the disk, in bytes. */
const MAX_WAITING_BYTES = 1_048_576;

/** How long a line that could not be written waits for the next attempt where no other line comes, in milliseconds. */
const RETRY_MS = 1000;

/**
 * Writes lines to a file descriptor and never waits for it: where nobody reads, the disk is full or the reader is gone, up
 * to 1 MiB waits in memory, and what does not fit is dropped and counted.
 */
export class LogOutput {
  /** Lines that were dropped since the process started. */
  dropped = 0;
  /** Hears, once lines are written again, how many were dropped meanwhile. */
  onRecovery: ((count: number) => void) | undefined;
  #reported = 0;
  #isBroken = false;
  #isStalled = false;
  #retry: NodeJS.Timeout | undefined;
  readonly #lines: ReturnType<typeof pino.destination>;

  constructor(descriptor: number) {
    // Its own way with EAGAIN is to put the whole process to sleep until somebody reads.
    const retryEAGAIN = () => false;
    const options = { dest: descriptor, sync: true, minLength: 0, maxLength: MAX_WAITING_BYTES, retryEAGAIN };
    this.#lines = pino.destination(options);
    // pino's own listener throws on other errors than EPIPE. After EPIPE nobody will ever read again.
    this.#lines.removeAllListeners('error');
    this.#lines.on('error', (error: NodeJS.ErrnoException) => {
      this.#isStalled = true;
      if (error.code === 'EPIPE') this.#break();
      else this.#retry ??= setTimeout(() => this.#tryAgain(), RETRY_MS).unref();
    });
    this.#lines.on('drop', () => (this.dropped += 1));
    this.#lines.on('write', () => (this.#isStalled = false));
    this.#lines.on('drain', () => {
      // It comes a tick after the write that it tells of: the next one may have failed already.
      if (!this.#isStalled) this.#report();
    });
  }

  write(line: string): void {
    if (this.#isBroken) this.dropped += 1;
    else this.#lines.write(line);
  }

  #tryAgain(): void {
    this.#retry = undefined;
    if (!this.#isBroken) this.#lines.write('');
  }

  /** The line whose writing failed is lost with those that waited, which are not known one by one. */
  #break(): void {
    this.#isBroken = true;
    this.dropped += 1;
    this.#lines.destroy();
  }

  #report(): void {
    const count = this.dropped - this.#reported;
    if (count === 0) return;
    this.#reported = this.dropped;
    this.onRecovery?.(count);
  }
}

/**
 * Standard output. `process.stdout` is asked for the descriptor, since that makes a pipe non-blocking: otherwise a write to
 * one that nobody reads would stop the process.
 */
export const standardOutput = new LogOutput(process.stdout.fd);
