import { Clock } from '@feather-identity/core';

/** The machine's clock, to the millisecond. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
