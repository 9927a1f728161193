import { Clock } from '../../application/ports/clock.js';

/** A clock that stands still until a test sets it. */
export class FixedClock extends Clock {
  #now: number;

  constructor(now = new Date('2026-01-02T03:04:05.678Z')) {
    super();
    this.#now = now.getTime();
  }

  override now(): Date {
    return new Date(this.#now);
  }

  set(now: Date): void {
    this.#now = now.getTime();
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
