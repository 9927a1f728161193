/** A chain of causes may lead back to itself. */
const MAX_CAUSES = 5;

/** What a log line calls what was thrown. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** The stacks of an error and its causes, and nothing else: objects of drivers carry SQL parameters and headers. */
export function stacksOf(error: unknown): string | undefined {
  const stacks: string[] = [];
  for (let current = error; current instanceof Error && stacks.length < MAX_CAUSES; current = current.cause) {
    stacks.push(current.stack ?? current.message);
  }
  return stacks.length === 0 ? undefined : stacks.join('\nCaused by: ');
}
