import { RevokeUnusedApiKeys } from '@feather-identity/core';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const FIRST_RUN_MS = 60_000;
const INTERVAL_MS = 3_600_000;

/** Applies the policies that revoke unused keys: a minute after the start, and every hour. */
@Injectable()
export class UnusedKeysRevoker implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(UnusedKeysRevoker.name);
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly revokeUnusedApiKeys: RevokeUnusedApiKeys) {}

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
      const revoked = await this.revokeUnusedApiKeys.execute();
      if (revoked > 0) this.#logger.log(`Revoked ${revoked} keys that were not used for as long as policies say.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Could not look for unused keys, and will try again: ${reason}`);
    }
  }
}
