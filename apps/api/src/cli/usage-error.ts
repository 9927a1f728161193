/** Thrown for a command with wrong options or arguments: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
