import type { RandomSource } from './random-source.js';

/** Digits of GitHub's token checksum: 0-9, A-Z, a-z, in this order. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;

/** Bytes from here up are discarded: taken modulo 62, they would favour the first digits. */
const REJECT_FROM = 256 - (256 % BASE);

/** `value` in base62, most significant digit first, padded with zeros to `width` digits. */
export function encodeBase62(value: number, width: number): string {
  let rest = value;
  let text = '';
  do {
    text = DIGITS.charAt(rest % BASE) + text;
    rest = Math.floor(rest / BASE);
  } while (rest > 0);
  return text.padStart(width, '0');
}

/** `length` base62 characters, each of the 62 equally likely. */
export function randomBase62(length: number, random: RandomSource): string {
  let text = '';
  while (text.length < length) {
    const bytes = random.bytes(length - text.length);
    if (bytes.length === 0) throw new Error('The random source returned no bytes.');
    for (const byte of bytes) if (byte < REJECT_FROM) text += DIGITS.charAt(byte % BASE);
  }
  return text;
}
