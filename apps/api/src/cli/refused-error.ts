/** Thrown for a command that cannot be carried out as it was given; the message says what to do: exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
