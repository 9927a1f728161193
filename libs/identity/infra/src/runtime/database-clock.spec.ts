import { describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../testing/open-test-database.js';
import { DatabaseClock } from './database-clock.js';

const DAYS_40 = 40 * 86_400_000;

/** What is not more than the test itself takes. */
const isNear = (ms: number) => Math.abs(ms) < 30_000;

describe('the clock of a database', () => {
  it.each([DAYS_40, -DAYS_40])("of PostgreSQL decides where the machine's is %d ms away", async (aheadMs) => {
    const database = await openTestDatabase('postgres');
    const { dataSource } = database;
    let jumped = 0;
    const clock = new DatabaseClock(dataSource, () => Date.now() + jumped);
    const difference = () => clock.now().getTime() - Date.now();
    expect(isNear(await clock.compare())).toBe(true);
    jumped = aheadMs;
    expect(isNear((await clock.compare()) - aheadMs)).toBe(true);
    expect(isNear(difference())).toBe(true);
    jumped = 0;
    await clock.compare();
    expect(isNear(difference())).toBe(true);
    await database.close();
  });

  it('asks again when the clock of the machine jumps while PostgreSQL answers', async () => {
    const database = await openTestDatabase('postgres');
    const readings = [0, DAYS_40, DAYS_40, DAYS_40];
    const clock = new DatabaseClock(database.dataSource, () => Date.now() + (readings.shift() ?? DAYS_40));
    expect(isNear((await clock.compare()) - DAYS_40)).toBe(true);
    await database.close();
  });

  it("is the machine's on SQLite", async () => {
    const database = await openTestDatabase('sqlite');
    const { dataSource } = database;
    const clock = new DatabaseClock(dataSource, () => 5);
    expect(await clock.compare()).toBe(0);
    expect(clock.now()).toEqual(new Date(5));
    await database.close();
  });
});
