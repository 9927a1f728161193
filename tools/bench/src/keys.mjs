import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HEAD = 'fth_live_';
const PREFIX_LENGTH = HEAD.length + 8;
const SECRET_LENGTH = 32;

/** The key at this place is revoked wherever so many are stored; traffic of good keys starts behind it. */
export const REVOKED_INDEX = 7;

/** The key at this place has a rate limit, a quota and networks, all out of reach. */
export const BOUNDED_INDEX = 6;

/** Keys from here up are spelled well and never stored. */
export const FIRST_UNKNOWN = 100_000_000;

/** The key at `index`: the same in every process and run, so that a million of them need no list. */
export function tokenAt(index) {
  const text = base62(`key ${index}`);
  return withChecksum(HEAD + text.slice(0, 8) + text.slice(8, 8 + SECRET_LENGTH));
}

/** The id of the stored key at `index`. */
export function keyIdAt(index) {
  return idAt('cccc', index);
}

/** An id of a row, by kind of row. */
export function idAt(kind, index) {
  return `0198${kind}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** The part of a key that is stored in the clear. */
export function prefixOf(token) {
  return token.slice(0, PREFIX_LENGTH);
}

/** The part of a key that bcrypt sees. */
export function secretOf(token) {
  return token.slice(PREFIX_LENGTH, PREFIX_LENGTH + SECRET_LENGTH);
}

/** A key with the public part of `token`, another secret and a checksum that is right. */
export function forgedSecret(token, index) {
  return withChecksum(prefixOf(token) + base62(`forged ${index}`).slice(0, SECRET_LENGTH));
}

/** A key whose last character is wrong. */
export function wrongChecksum(token) {
  return token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
}

function withChecksum(body) {
  let rest = crc32(body);
  let text = '';
  for (let at = 0; at < 6; at += 1) {
    text = DIGITS[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return body + text;
}

/** 64 characters; slightly uneven, which nothing here depends on. */
function base62(seed) {
  let text = '';
  for (const byte of createHash('sha512').update(seed).digest()) text += DIGITS[byte % 62];
  return text;
}
