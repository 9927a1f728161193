/** Thrown for a command that cannot begin as it was written: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
