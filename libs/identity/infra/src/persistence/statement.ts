import type { QueryBuilder } from 'typeorm';

/** A statement and the values of its parameters, as the driver of its database takes them. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A row by the names of its columns. */
export type RawRow = Readonly<Record<string, unknown>>;

/**
 * The statements of a write, one after the other: each is yielded and answered with its rows. A generator and not an
 * async function, so that a write can also run without a single turn of the event loop between its statements.
 */
export type Steps<T> = Generator<Statement, T, readonly RawRow[]>;

/** The statement that a query builder stands for. */
export function statementOf(builder: QueryBuilder<object>): Statement {
  const [text, values] = builder.getQueryAndParameters();
  return { text, values };
}

/** Runs the steps without a pause. A statement that fails is thrown where it was yielded. */
export function runAtOnce<T>(steps: Steps<T>, execute: (statement: Statement) => readonly RawRow[]): T {
  let step = steps.next();
  while (step.done !== true) {
    let rows: readonly RawRow[];
    try {
      rows = execute(step.value);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(rows);
  }
  return step.value;
}

/** Runs the steps, waiting for each statement. One that fails is thrown where it was yielded. */
export async function runInTurn<T>(
  steps: Steps<T>,
  execute: (statement: Statement) => Promise<readonly RawRow[]>,
): Promise<T> {
  let step = steps.next();
  while (step.done !== true) {
    let rows: readonly RawRow[];
    try {
      rows = await execute(step.value);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(rows);
  }
  return step.value;
}
