import type { Clock } from '@feather-identity/core';

/** When something began, on both clocks. */
export interface Beginning {
  readonly wallClock: number;
  readonly monotonic: number;
}

/**
 * Measures how old something is, and rather too old than too young: the wall clock can be set back, and the monotonic
 * one stands still while a machine sleeps.
 */
export class Stopwatch {
  constructor(private readonly clock: Clock) {}

  begin(): Beginning {
    return { wallClock: this.clock.now().getTime(), monotonic: performance.now() };
  }

  msSince({ wallClock, monotonic }: Beginning): number {
    return Math.max(this.clock.now().getTime() - wallClock, performance.now() - monotonic);
  }
}
