import { Clock } from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { PostgresPool } from '../persistence/sql/postgres-pool.js';

/** Further apart, `now` follows the database, in milliseconds. */
const MAX_DIFFERENCE_MS = 60_000;

/** An answer that takes longer by the machine's clock may hide a pause or a jump of that clock, in milliseconds. */
const MAX_ANSWER_MS = 10_000;

/**
 * The machine's clock, or PostgreSQL's once a comparison finds the two more than a minute apart, so that a key ends at
 * about the same moment on all instances. SQLite has no clock of its own.
 */
export class DatabaseClock extends Clock {
  #correctionMs = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly machine: () => number = Date.now,
  ) {
    super();
  }

  override now(): Date {
    return new Date(this.machine() - this.#correctionMs);
  }

  override async compare(): Promise<number> {
    if (this.dataSource.options.type !== 'postgres') return 0;
    let aheadMs: number;
    let answerMs: number;
    do {
      const asked = this.machine();
      const text = 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now';
      const [row] = await PostgresPool.of(this.dataSource).query<{ now: string }>({ text, values: [] });
      answerMs = this.machine() - asked;
      // The database read its clock at some moment between question and answer.
      aheadMs = Math.round(asked + answerMs / 2 - Number(row?.now));
    } while (Math.abs(answerMs) > MAX_ANSWER_MS);
    this.#correctionMs = Math.abs(aheadMs) > MAX_DIFFERENCE_MS ? aheadMs : 0;
    return aheadMs;
  }
}
