import { crc32 } from 'node:zlib';
import { encodeBase62 } from './base62.js';
import { IdentityError } from './identity-error.js';
import { Token } from './token.js';

/** Lengths in base62 characters. 32 secret characters are 190 bits. After a change all earlier tokens are refused. */
export const PUBLIC_LENGTH = 8;
export const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;

const NAME = /^[a-z][a-z0-9]{1,15}$/;

/**
 * The format of tokens: `<namespace>_<environment>_` + 8 public + 32 secret + 6 checksum characters, all base62. The
 * checksum is the CRC-32 of zlib over everything before it, so that malformed input costs no query and no hash.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */
export class TokenFormat {
  /** What the second part of a token may be, as in `acme_live_...`: the default first. */
  readonly environments: readonly [string, ...string[]];
  readonly #namespacePrefix: string;
  readonly #lengths: readonly number[];
  readonly #pattern: RegExp;
  readonly #keyPrefix: RegExp;

  /**
   * @param environment - that of new tokens, unless another one is asked for
   * @param others - environments of further tokens
   * @throws IdentityError `token.format_invalid` for a namespace or environment outside `[a-z][a-z0-9]{1,15}`
   */
  constructor(
    readonly namespace: string,
    readonly environment: string,
    ...others: readonly string[]
  ) {
    this.environments = [environment, ...others];
    // Without a type checker a name may be missing, and `undefined` would read as one.
    if (![namespace, ...this.environments].every((name) => typeof name === 'string' && NAME.test(name))) {
      throw new IdentityError(
        'token.format_invalid',
        'Namespace and environment take 2 to 16 lower-case letters and digits, starting with a letter.',
      );
    }
    this.#namespacePrefix = `${namespace}_`;
    this.#lengths = this.environments.map((each) => this.lengthIn(each));
    const keyPrefix = `${namespace}_(?:${this.environments.join('|')})_[0-9A-Za-z]{${PUBLIC_LENGTH}}`;
    this.#pattern = new RegExp(`^(${keyPrefix})([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);
    this.#keyPrefix = new RegExp(`^${keyPrefix}$`);
  }

  /** How many characters a token of the default environment has. */
  get length(): number {
    return this.lengthIn(this.environment);
  }

  /** Whether `text` has the length of a token. */
  hasLength(text: string): boolean {
    return this.#lengths.includes(text.length);
  }

  /**
   * Makes a token of these random parts.
   *
   * @param environment - one of `environments`. Default: the first
   */
  compose(publicPart: string, secret: string, environment = this.environment): Token {
    const keyPrefix = `${this.namespace}_${environment}_${publicPart}`;
    return new Token(keyPrefix, secret, checksum(keyPrefix + secret));
  }

  /** Parses a token; null for malformed input. Strict: nothing is trimmed, and letter case counts. */
  parse(text: string): Token | null {
    const [, keyPrefix, secret, written] = this.#pattern.exec(text) ?? [];
    if (keyPrefix === undefined || secret === undefined || written === undefined) return null;
    return checksum(keyPrefix + secret) === written ? new Token(keyPrefix, secret, written) : null;
  }

  /** Whether `text` looks like a token, even if its checksum is wrong: then it is no key of another system. */
  resembles(text: string): boolean {
    return this.#pattern.test(text);
  }

  /** Whether `text` begins like a token of this namespace, in whatever environment. */
  hasNamespace(text: string): boolean {
    return text.startsWith(this.#namespacePrefix);
  }

  /** Whether `text` looks like the public part of a token. */
  isKeyPrefix(text: string): boolean {
    return this.#keyPrefix.test(text);
  }

  private lengthIn(environment: string): number {
    const parts = PUBLIC_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;
    return `${this.namespace}_${environment}_`.length + parts;
  }
}

function checksum(text: string): string {
  return encodeBase62(crc32(text), CHECKSUM_LENGTH);
}
