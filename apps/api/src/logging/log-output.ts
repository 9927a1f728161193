import { pino } from 'pino';

/** Maximum size of lines that wait for a reader or for space on the disk, in bytes. */
const MAX_WAITING_BYTES = 1_048_576;

/** When a failed write is repeated if no other line comes first, in milliseconds. */
const RETRY_MS = 1000;

/**
 * Writes lines to a file descriptor without blocking. If nobody reads, the disk is full or the reader is gone, up to 1 MiB
 * of lines waits in memory; further lines are dropped and counted.
 */
export class LogOutput {
  /** Lines that were dropped since the process started. */
  dropped = 0;
  /** Called with the number of dropped lines once lines can be written again. */
  onRecovery: ((count: number) => void) | undefined;
  #reported = 0;
  #isBroken = false;
  #isStalled = false;
  #retry: NodeJS.Timeout | undefined;
  readonly #lines: ReturnType<typeof pino.destination>;

  constructor(descriptor: number) {
    // By default pino blocks the whole process after EAGAIN until somebody reads.
    const retryEAGAIN = () => false;
    const options = { dest: descriptor, sync: true, minLength: 0, maxLength: MAX_WAITING_BYTES, retryEAGAIN };
    this.#lines = pino.destination(options);
    // The listener of pino throws for any error but EPIPE. After EPIPE there will never be a reader again.
    this.#lines.removeAllListeners('error');
    this.#lines.on('error', (error: NodeJS.ErrnoException) => {
      this.#isStalled = true;
      if (error.code === 'EPIPE') this.#break();
      else this.#retry ??= setTimeout(() => this.#tryAgain(), RETRY_MS).unref();
    });
    this.#lines.on('drop', () => (this.dropped += 1));
    this.#lines.on('write', () => (this.#isStalled = false));
    this.#lines.on('drain', () => {
      // The event comes a tick after its write: the next write may have failed already.
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

  /** The line that failed is lost, and with it those that waited, whose number is not known. */
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
 * Standard output. Reading `process.stdout` makes a pipe non-blocking; otherwise a write to a pipe that nobody reads would
 * block the process.
 */
export const standardOutput = new LogOutput(process.stdout.fd);
