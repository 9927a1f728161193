import { LastUsedRecorder, ObserveUses, ProofRenewer } from '@feather-identity/core';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';

const DEFAULT_SECONDS = 10;

/** Writes what requests did not wait for, at intervals and once more on shutdown, after the last request. */
@Injectable()
export class PendingWritesFlusher implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(PendingWritesFlusher.name);
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly lastUsed: LastUsedRecorder,
    private readonly proofRenewer: ProofRenewer,
    private readonly observeUses: ObserveUses,
    @Inject(MODULE_OPTIONS_TOKEN) { flushSeconds = DEFAULT_SECONDS }: IdentityModuleOptions,
  ) {
    this.#intervalMs = flushSeconds * 1000;
  }

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.flush(), this.#intervalMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  private async flush(): Promise<void> {
    await this.attempt('last_used_at', {
      flush: async () => {
        await this.lastUsed.flush();
        await this.observeUses.execute();
      },
    });
    await this.attempt('renewed proofs', this.proofRenewer);
  }

  /** A failure changes no request's answer: what is pending stays for the next time. */
  private async attempt(what: string, pending: { flush(): Promise<void> }): Promise<void> {
    try {
      await pending.flush();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`Could not write, and will try again: ${what}: ${reason}`);
    }
  }
}
