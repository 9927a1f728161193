/** Text that is not JSON: CPython's message and the position of the fault in code points. */
export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** Bytes that cannot be read as JSON text at all: bad encoding, nesting too deep, an integer too long. */
export class UnreadableJsonError extends Error {}
