import { RemoveOldUsage } from '@feather-identity/core';
import { Injectable } from '@nestjs/common';
import { HourlyJob } from './hourly-job.js';

const FIRST_RUN_MS = 90_000;

/** Removes usage that is kept no longer: 90 seconds after the start, and every hour. */
@Injectable()
export class OldUsageRemover extends HourlyJob {
  constructor(private readonly removeOldUsage: RemoveOldUsage) {
    super(FIRST_RUN_MS, 'remove old usage');
  }

  protected override run(): Promise<unknown> {
    return this.removeOldUsage.execute();
  }
}
