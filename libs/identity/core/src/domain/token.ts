import { inspect } from 'node:util';

/**
 * A plain-text API key. Printing, serializing or inspecting it shows the public `keyPrefix` only; `reveal()` is the one way
 * to the rest.
 */
export class Token {
  readonly #secret: string;
  readonly #checksum: string;

  constructor(
    /** The prefix of the token: namespace, environment and the 8 public characters. Unique, and safe to show. */
    readonly keyPrefix: string,
    secret: string,
    checksum: string,
  ) {
    this.#secret = secret;
    this.#checksum = checksum;
  }

  /** The 32 secret characters, which are all that bcrypt gets; for an imported key, the whole key. */
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

/** A key of another system that is stored under `keyPrefix`. All of the key is secret. */
export class ImportedToken extends Token {
  constructor(keyPrefix: string, plainText: string) {
    super(keyPrefix, plainText, '');
  }

  override reveal(): string {
    return this.secret;
  }
}
