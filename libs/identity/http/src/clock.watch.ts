import { Clock } from '@feather-identity/core';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reasonOf } from './reason-of.js';

const INTERVAL_MS = 3_600_000;

/** Differences up to this one are not reported, in milliseconds. */
const TOLERATED_MS = 5000;

/** Compares the machine's clock with the store's, at the start and every hour, and warns if they differ. */
@Injectable()
export class ClockWatch implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ClockWatch.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly clock: Clock) {}

  async onModuleInit(): Promise<void> {
    await this.compare();
    this.#timer = setInterval(() => void this.compare(), INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  private async compare(): Promise<void> {
    try {
      const aheadMs = (await this.clock.compare?.()) ?? 0;
      if (Math.abs(aheadMs) < TOLERATED_MS) return;
      const seconds = Math.round(Math.abs(aheadMs) / 1000);
      this.#logger.warn(
        `The clock of this machine is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's. ` +
          "Beyond a minute keys expire by the database's, and no unused keys are revoked.",
      );
    } catch (error) {
      this.#logger.warn(`Could not compare the clock with the database's, and will try again: ${reasonOf(error)}`);
    }
  }
}
