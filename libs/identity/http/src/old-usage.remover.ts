import { RemoveOldUsage } from '@feather-identity/core';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const FIRST_RUN_MS = 90_000;
const INTERVAL_MS = 3_600_000;

/** Removes usage that is kept no longer: 90 seconds after the start, and every hour. */
@Injectable()
export class OldUsageRemover implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(OldUsageRemover.name);
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly removeOldUsage: RemoveOldUsage) {}

  onModuleInit(): void {
    this.schedule(FIRST_RUN_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    // Work that was under way has scheduled the next one.
    clearTimeout(this.#timer);
  }

  private schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.run().then(() => {
        this.schedule(INTERVAL_MS);
      });
    }, delayMs).unref();
  }

  private async run(): Promise<void> {
    try {
      await this.removeOldUsage.execute();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Could not remove old usage, and will try again: ${reason}`);
    }
  }
}
