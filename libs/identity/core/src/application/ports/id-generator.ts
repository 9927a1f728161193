/**
 * Makes the ids of rows: UUIDv7, each later than the one before it in the same process. They are no secrets.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export abstract class IdGenerator {
  abstract next(): string;
}
