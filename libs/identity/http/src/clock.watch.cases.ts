import { FixedClock } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RecordingLogger } from '../testing/recording-logger.js';
import { ClockWatch } from './clock.watch.js';

const HOUR = 3_600_000;

/** A clock beside that of a database. */
class ComparedClock extends FixedClock {
  /** By how much it is ahead, or why that is not known. */
  ahead: number | Error = 0;
  comparisons = 0;

  override async compare(): Promise<number> {
    this.comparisons += 1;
    if (typeof this.ahead === 'number') return this.ahead;
    throw this.ahead;
  }
}

describe('ClockWatch', () => {
  let clock: ComparedClock;
  let watch: ClockWatch;
  let logger: RecordingLogger;

  beforeEach(() => {
    jest.useFakeTimers();
    logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    clock = new ComparedClock();
    watch = new ClockWatch(clock);
  });

  afterEach(() => {
    watch.onApplicationShutdown();
    jest.useRealTimers();
  });

  it.each([
    [5000, '5 seconds ahead of'],
    [40 * 24 * HOUR, '3456000 seconds ahead of'],
    [-61_000, '61 seconds behind'],
  ])('warns at the start of a clock that is %i ms ahead', async (ahead, words) => {
    clock.ahead = ahead;
    await watch.onModuleInit();
    expect(logger.lines).toEqual([expect.stringContaining(`The clock of this machine is ${words} the database's.`)]);
  });

  it.each([0, 4999, -4999])('says nothing of one that is %i ms ahead', async (ahead) => {
    clock.ahead = ahead;
    await watch.onModuleInit();
    expect(logger.lines).toEqual([]);
  });

  it('compares every hour, and notices a clock that has gone wrong meanwhile', async () => {
    await watch.onModuleInit();
    clock.ahead = HOUR;
    await jest.advanceTimersByTimeAsync(HOUR - 1);
    expect([clock.comparisons, logger.lines]).toEqual([1, []]);
    await jest.advanceTimersByTimeAsync(1);
    expect(logger.lines).toEqual([expect.stringContaining('3600 seconds ahead of')]);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect([clock.comparisons, logger.lines.length]).toEqual([3, 2]);
  });

  it('lets the start go on, and tries again, where the database does not answer', async () => {
    clock.ahead = new Error('no answer');
    await watch.onModuleInit();
    expect(logger.lines).toEqual([expect.stringContaining("with the database's, and will try again: no answer")]);
    clock.ahead = 6000;
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(logger.lines.at(-1)).toContain('6 seconds ahead of');
  });

  it('stops with the application', async () => {
    await watch.onModuleInit();
    watch.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('has nothing to say where the store has no clock of its own', async () => {
    const alone = new ClockWatch(new FixedClock());
    await alone.onModuleInit();
    alone.onApplicationShutdown();
    expect(logger.lines).toEqual([]);
  });
});
