/** Thrown where an import ended in the middle: exit status 3, and the same command goes on. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';

  constructor(rows: number, cause: unknown) {
    super(
      `Stopped after row ${rows}: ${cause instanceof Error ? cause.message : String(cause)} The same command goes on.`,
      {
        cause,
      },
    );
  }
}
