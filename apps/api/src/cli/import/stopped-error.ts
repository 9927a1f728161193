/** Thrown if an import stops in the middle: exit code 3. The same command continues it. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';

  constructor(rows: number, cause: unknown) {
    super(
      `Stopped after row ${rows}: ${cause instanceof Error ? cause.message : String(cause)} Run the same command again to continue.`,
      {
        cause,
      },
    );
  }
}
