import { WriteBehind } from '@feather-identity/core';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { IdentityModuleOptions } from './identity.options.js';
import { reasonOf } from './reason-of.js';

const DEFAULT_SECONDS = 10;

/** Flushes what requests did not wait for, at intervals and once more on shutdown, after the last request. */
@Injectable()
export class WriteBehindRunner implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(WriteBehindRunner.name);

  constructor(
    private readonly writeBehind: WriteBehind,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: IdentityModuleOptions,
  ) {}

  onModuleInit(): void {
    this.writeBehind.start(this.options.flushSeconds ?? DEFAULT_SECONDS, this.warn);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writeBehind.stop().catch(this.warn);
  }

  /** A failure changes no answer: the entries stay for the next flush. */
  private readonly warn = (error: unknown): void => {
    this.#logger.warn(`Could not write, and will try again: ${reasonOf(error)}`);
  };
}
