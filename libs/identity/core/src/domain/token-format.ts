import { crc32 } from 'node:zlib';
import { encodeBase62 } from './base62.js';
import { IdentityError } from './identity-error.js';
import { Token } from './token.js';

/** Lengths in base62 characters. 32 secret characters are 190 bits. After a change all earlier tokens are refused. */
export const PUBLIC_LENGTH = 8;
export const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;

const NAMESPACE = /^[a-z][a-z0-9]{1,15}$/;
const ENVIRONMENT = /^[a-z][a-z0-9]{1,15}$/;

/**
 * The format of tokens: `<namespace>_<environment>_` + 8 public + 32 secret + 6 checksum characters, all base62. The
 * checksum is the CRC-32 of zlib over everything before it, so that malformed input costs no query and no hash.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */
export class TokenFormat {
  /** How many characters a token has. */
  readonly length: number;
  readonly #namespacePrefix: string;
  readonly #prefix: string;
  readonly #pattern: RegExp;
  readonly #keyPrefix: RegExp;

  /** @throws IdentityError `token.format_invalid` for a namespace or environment outside `[a-z][a-z0-9]{1,15}` */
  constructor(
    readonly namespace: string,
    readonly environment: string,
  ) {
    if (!NAMESPACE.test(namespace) || !ENVIRONMENT.test(environment)) {
      throw new IdentityError(
        'token.format_invalid',
        'Namespace and environment take 2 to 16 lower-case letters and digits, starting with a letter.',
      );
    }
    this.#namespacePrefix = `${namespace}_`;
    this.#prefix = `${namespace}_${environment}_`;
    this.length = this.#prefix.length + PUBLIC_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;
    this.#pattern = new RegExp(
      `^(${this.#prefix}[0-9A-Za-z]{${PUBLIC_LENGTH}})([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
    );
    this.#keyPrefix = new RegExp(`^${this.#prefix}[0-9A-Za-z]{${PUBLIC_LENGTH}}$`);
  }

  /** Makes a token of these random parts. */
  compose(publicPart: string, secret: string): Token {
    const keyPrefix = this.#prefix + publicPart;
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
}

function checksum(text: string): string {
  return encodeBase62(crc32(text), CHECKSUM_LENGTH);
}
