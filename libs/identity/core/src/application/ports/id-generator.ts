/** Identifiers of rows: UUIDv7 (RFC 9562), each later than the one before it in the same process. Never secrets. */
export abstract class IdGenerator {
  abstract next(): string;
}
