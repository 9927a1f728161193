/** A chain of causes may lead back to itself. */
const MAX_CAUSES = 5;

/** What a log line calls what was thrown. */
export function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : typeof fault;
}

/** The stacks of an error and its causes, and nothing else: objects of drivers carry SQL parameters and headers. */
export function stacksOf(fault: unknown): string | undefined {
  const stacks: string[] = [];
  for (let error = fault; error instanceof Error && stacks.length < MAX_CAUSES; error = error.cause) {
    stacks.push(error.stack ?? error.message);
  }
  return stacks.length === 0 ? undefined : stacks.join('\nCaused by: ');
}
