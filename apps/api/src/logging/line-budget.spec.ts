import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LineBudget } from './line-budget.js';

describe('a budget of lines', () => {
  const leftOut: number[] = [];
  let budget: LineBudget;

  beforeEach(() => {
    jest.useFakeTimers();
    leftOut.length = 0;
    budget = new LineBudget(60, (count) => leftOut.push(count));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const spend = (times: number) => Array.from({ length: times }, () => budget.spend()).filter(Boolean).length;

  it('lets that many through a minute, and tells at its end how many were left out (LG1)', () => {
    expect(spend(10_000)).toBe(60);
    expect(leftOut).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(leftOut).toEqual([9940]);
  });

  it('begins anew with every minute', () => {
    spend(61);
    jest.advanceTimersByTime(60_000);
    expect(spend(100)).toBe(60);
    jest.advanceTimersByTime(60_000);
    expect(leftOut).toEqual([1, 40]);
  });

  it('says nothing where nothing was left out, and keeps no timer', () => {
    spend(60);
    jest.advanceTimersByTime(60_000);
    expect(leftOut).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
