import { AnnounceExpiringApiKeys, type FailedExpiryNotice } from '@feather-identity/core';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';

const FIRST_RUN_MS = 60_000;
const INTERVAL_MS = 3_600_000;

/** Calls the application's `onKeyExpiring`: a minute after the start, and every hour. */
@Injectable()
export class ExpiringKeysAnnouncer implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ExpiringKeysAnnouncer.name);
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly announceExpiringApiKeys: AnnounceExpiringApiKeys,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: IdentityModuleOptions,
  ) {}

  onModuleInit(): void {
    if (this.options.onKeyExpiring !== undefined) this.schedule(this.options.onKeyExpiring, FIRST_RUN_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
    // Work that was under way has scheduled the next one.
    clearTimeout(this.#timer);
  }

  private schedule(announce: NonNullable<IdentityModuleOptions['onKeyExpiring']>, delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.run(announce).then(() => {
        this.schedule(announce, INTERVAL_MS);
      });
    }, delayMs).unref();
  }

  private async run(announce: NonNullable<IdentityModuleOptions['onKeyExpiring']>): Promise<void> {
    try {
      await this.announceExpiringApiKeys.execute(announce, (failed) => this.report(failed), this.#stopping.signal);
    } catch (error) {
      this.#logger.warn(`Could not look for keys that end soon, and will try again: ${reasonOf(error)}`);
    }
  }

  private report({ notice: { apiKey, days }, error, isRepeated }: FailedExpiryNotice): void {
    const next = isRepeated ? 'it is called again in an hour' : 'it is not called again for this notice';
    this.#logger.warn(`onKeyExpiring failed for API key ${apiKey.id} (${days} days), and ${next}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
