import { inspect } from 'node:util';

/**
 * A plain-text API key. It exists in the 201 body and in the caller's hands: printing, serialising or inspecting it
 * shows the public `keyPrefix` only, and `reveal()` is the one way to the rest.
 */
export class Token {
  readonly #secret: string;
  readonly #checksum: string;

  constructor(
    /** Namespace, environment and the 8 public characters: unique, indexed, safe to show. */
    readonly keyPrefix: string,
    secret: string,
    checksum: string,
  ) {
    this.#secret = secret;
    this.#checksum = checksum;
  }

  /** The 32 secret characters alone, all that bcrypt ever sees; of a key of another system the whole. */
  get secret(): string {
    return this.#secret;
  }

  /** The whole plain-text key. */
  reveal(): string {
    return this.keyPrefix + this.#secret + this.#checksum;
  }

  toString(): string {
    return `${this.keyPrefix}[redacted]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `Token(${this.toString()})`;
  }
}

/** A key of another system, known to be stored under `keyPrefix`. All of it is secret: no part of it ever shows. */
export class ImportedToken extends Token {
  constructor(keyPrefix: string, plainText: string) {
    super(keyPrefix, plainText, '');
  }

  override reveal(): string {
    return this.secret;
  }
}
