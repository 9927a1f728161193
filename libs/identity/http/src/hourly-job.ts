import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reasonOf } from './reason-of.js';

const INTERVAL_MS = 3_600_000;

/** Work that runs some time after the start, and an hour after it has ended. If it fails, it is logged and tried again. */
export abstract class HourlyJob implements OnModuleInit, OnApplicationShutdown {
  protected readonly logger = new Logger(this.constructor.name);
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /**
   * @param firstRunMs - after the start
   * @param task - what it does, for the log: "Could not ..."
   */
  constructor(
    private readonly firstRunMs: number,
    private readonly task: string,
  ) {}

  protected abstract run(): Promise<unknown>;

  onModuleInit(): void {
    this.schedule(this.firstRunMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    // Work that was under way has scheduled the next one.
    clearTimeout(this.#timer);
  }

  private schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.attempt().then(() => {
        this.schedule(INTERVAL_MS);
      });
    }, delayMs).unref();
  }

  private async attempt(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn(`Could not ${this.task}, and will try again: ${reasonOf(error)}`);
    }
  }
}
