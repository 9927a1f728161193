import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 8;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;

/** The parts of a token. `head` is `<namespace>_<environment>_`. */
export interface TokenParts {
  readonly head: string;
  readonly publicPart: string;
  readonly secret: string;
  readonly checksum: string;
}

/** Takes a token apart. */
export function partsOf(token: string): TokenParts {
  const end = token.length - CHECKSUM_LENGTH;
  const secretAt = end - SECRET_LENGTH;
  const publicAt = secretAt - PUBLIC_LENGTH;
  return {
    head: token.slice(0, publicAt),
    publicPart: token.slice(publicAt, secretAt),
    secret: token.slice(secretAt, end),
    checksum: token.slice(end),
  };
}

/** The token of these parts with the checksum that makes it well-formed. */
export function wellFormed({ head, publicPart, secret }: Omit<TokenParts, 'checksum'>): string {
  const text = head + publicPart + secret;
  return text + checksumOf(text);
}

/** Random base62 characters: a public part or secret that no key has. */
export function randomPart(length: number): string {
  return [...randomBytes(length)].map((byte) => DIGITS[byte % DIGITS.length]).join('');
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit++) {
    checksum = (DIGITS[rest % DIGITS.length] ?? '') + checksum;
    rest = Math.floor(rest / DIGITS.length);
  }
  return checksum;
}
