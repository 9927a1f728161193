/** What is wrong with one value: Pydantic v2's error type, message and the context the message was made from. */
export class ValidationIssue {
  constructor(
    readonly type: string,
    readonly msg: string,
    readonly ctx?: Readonly<Record<string, unknown>>,
  ) {}
}

/** FastAPI has no limit. A body of faults would come back a hundred times as large, built while nothing else runs. */
export const MAX_DETAILS = 1000;

/** Checks or converts one value as one constraint of Pydantic v2 does: the value to go on with, or its fault. */
export type Rule = (value: unknown) => unknown;

/** A fault whose message ends in a reason, which Pydantic repeats as the context. */
export function parsingIssue(type: string, what: string, error: string): ValidationIssue {
  return new ValidationIssue(type, `Input should be a valid ${what}, ${error}`, { error });
}

/** Pydantic's `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
