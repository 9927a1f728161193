/** Thrown for wrong settings. Each line names a variable and its rule, never a value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}
