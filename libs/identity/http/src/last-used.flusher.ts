import { LastUsedRecorder } from '@feather-identity/core';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const INTERVAL_MS = 10_000;

/** Writes the collected `last_used_at` every 10 seconds and once more on shutdown, after the last request. */
@Injectable()
export class LastUsedFlusher implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(LastUsedFlusher.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly lastUsed: LastUsedRecorder) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.flush(), INTERVAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** A failure changes no request's answer: the entries stay for the next time. */
  private async flush(): Promise<void> {
    try {
      await this.lastUsed.flush();
    } catch (error) {
      this.#logger.warn(`last_used_at could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
