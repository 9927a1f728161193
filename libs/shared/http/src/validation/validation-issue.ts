/** What is wrong with one value: Pydantic v2's error type and message, and the values that the message was made from. */
export class ValidationIssue {
  constructor(
    readonly type: string,
    readonly msg: string,
    readonly ctx?: Readonly<Record<string, unknown>>,
  ) {}
}

/** FastAPI has no limit. An answer could be a hundred times as large as its request, and nothing else runs meanwhile. */
export const MAX_DETAILS = 1000;

/** Checks or converts a value, as one constraint of Pydantic v2 does. Returns the value for the next rule, or an issue. */
export type Rule = (value: unknown) => unknown;

/** An issue whose message ends in a reason, which Pydantic repeats as the context. */
export function parsingIssue(type: string, what: string, error: string): ValidationIssue {
  return new ValidationIssue(type, `Input should be a valid ${what}, ${error}`, { error });
}

/** Pydantic's `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
