import { AnnounceExpiringApiKeys, type FailedExpiryNotice } from '@feather-identity/core';
import { Inject, Injectable } from '@nestjs/common';
import { HourlyJob } from './hourly-job.js';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';
import { reasonOf } from './reason-of.js';

const FIRST_RUN_MS = 60_000;

/** Calls the application's `onKeyExpiring`, if it has one: a minute after the start, and every hour. */
@Injectable()
export class ExpiringKeysAnnouncer extends HourlyJob {
  readonly #stopping = new AbortController();

  constructor(
    private readonly announceExpiringApiKeys: AnnounceExpiringApiKeys,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: IdentityModuleOptions,
  ) {
    super(FIRST_RUN_MS, 'look for keys that end soon');
  }

  override onModuleInit(): void {
    if (this.options.onKeyExpiring !== undefined) super.onModuleInit();
  }

  override async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await super.onApplicationShutdown();
  }

  protected override async run(): Promise<void> {
    const { onKeyExpiring } = this.options;
    if (onKeyExpiring === undefined) return;
    await this.announceExpiringApiKeys.execute(onKeyExpiring, (failed) => this.report(failed), this.#stopping.signal);
  }

  private report({ notice: { apiKey, days }, error, isRepeated }: FailedExpiryNotice): void {
    const next = isRepeated ? 'it is called again in an hour' : 'it is not called again for this notice';
    this.logger.warn(`onKeyExpiring failed for API key ${apiKey.id} (${days} days), and ${next}: ${reasonOf(error)}`);
  }
}
