/** A chain of causes may be a circle. */
const MAX_CAUSES = 5;

/** The name of what was thrown, for a log line. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** The stacks of an error and its causes. Other properties may hold SQL parameters or headers, so they are left out. */
export function stacksOf(error: unknown): string | undefined {
  const stacks: string[] = [];
  for (let current = error; current instanceof Error && stacks.length < MAX_CAUSES; current = current.cause) {
    stacks.push(current.stack ?? current.message);
  }
  return stacks.length === 0 ? undefined : stacks.join('\nCaused by: ');
}
