import type { Clock } from '@feather-identity/core';

/** A moment on both clocks. */
export interface StartTime {
  readonly wallClock: number;
  readonly monotonic: number;
}

/**
 * Measures elapsed time by two clocks and takes the larger result: the wall clock can be set back, and the monotonic
 * clock stands still while a machine sleeps.
 */
export class Stopwatch {
  constructor(private readonly clock: Clock) {}

  start(): StartTime {
    return { wallClock: this.clock.now().getTime(), monotonic: performance.now() };
  }

  elapsedMs({ wallClock, monotonic }: StartTime): number {
    return Math.max(this.clock.now().getTime() - wallClock, performance.now() - monotonic);
  }
}
