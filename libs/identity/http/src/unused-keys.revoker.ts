import { RevokeUnusedApiKeys, type RevokedUnusedApiKeys } from '@feather-identity/core';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const FIRST_RUN_MS = 60_000;
const INTERVAL_MS = 3_600_000;

/** How many keys a line of the log names. */
const MAX_NAMED = 20;

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
      await this.revokeUnusedApiKeys.execute((revoked) => {
        this.report(revoked);
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Could not look for unused keys, and will try again: ${reason}`);
    }
  }

  private report({ organizationId, days, apiKeyIds, revokedDescendants }: RevokedUnusedApiKeys): void {
    const named = apiKeyIds.slice(0, MAX_NAMED).join(', ');
    const others = apiKeyIds.length > MAX_NAMED ? ` and ${apiKeyIds.length - MAX_NAMED} more` : '';
    const made = revokedDescendants > 0 ? `; and ${revokedDescendants} that they made` : '';
    this.#logger.warn(
      `Revoked ${apiKeyIds.length} API keys of organization ${organizationId}, not used for ${days} days: ` +
        `${named}${others}${made}`,
    );
  }
}
