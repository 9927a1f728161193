import { isImportedPepperName } from '@feather-identity/core';
import { readStoredHash } from '../stored-hash.js';

/** How keys were hashed elsewhere. */
export const HASH_SCHEMES = ['bcrypt', 'sha256', 'hmac-sha256', 'argon2', 'scrypt', 'nestarc'] as const;

/** How a digest without a salt was written. */
export const HASH_ENCODINGS = ['hex', 'base64', 'base64url'] as const;

/** A hash as another system stored it. */
export interface ImportedHash {
  /** Absent where the hash names its scheme itself: bcrypt, argon2 and scrypt. */
  readonly scheme?: (typeof HASH_SCHEMES)[number] | undefined;
  readonly hash: string;
  /** Of a digest without a salt; absent to tell by the text, which is never ambiguous. */
  readonly encoding?: (typeof HASH_ENCODINGS)[number] | undefined;
  /** The name of the pepper of an HMAC, or of nestarc. */
  readonly pepper?: string | undefined;
}

/** What is stored of it here. */
export interface CanonicalHash {
  /** As `ImportedApiKey.hash`. */
  readonly hash: string;
  /** What its key is found by; null where that needs how the key begins (`prefixLookup`). */
  readonly lookup: string | null;
}

/** Thrown for a hash that cannot be taken over. The message names the rule, and never holds any of the hash. */
export class ImportedHashError extends Error {
  override readonly name = 'ImportedHashError';
}

const DIGESTS = { hex: /^[0-9a-fA-F]{64}$/, base64: /^[A-Za-z0-9+/]{43}=?$/, base64url: /^[\w-]{43}=?$/ } as const;

const RULES = {
  bcrypt: 'a bcrypt hash has 60 characters and begins with $2a$, $2b$ or $2y$ and its cost',
  argon2: 'an argon2 hash is a PHC string: $argon2id$v=19$m=...,t=...,p=...$salt$hash (or argon2i, argon2d)',
  scrypt: 'a scrypt hash is a PHC string: $scrypt$ln=...,r=...,p=...$salt$hash',
} as const;

const TOO_COSTLY =
  'the hash costs too much to check: bcrypt up to 14; argon2 up to 256 MiB, and 1 GiB in all passes, with 16 lanes; ' +
  'scrypt up to N * r * p = 2097152';

/** The spelling in which a hash of another system is stored here. Throws `ImportedHashError`. */
export function canonicalHash(foreign: ImportedHash): CanonicalHash {
  const scheme = foreign.scheme ?? schemeOf(foreign.hash);
  if (scheme === 'nestarc') return { hash: `nestarc:${pepperOf(foreign)}:${digestOf(foreign)}`, lookup: null };
  if (scheme !== 'hmac-sha256' && foreign.pepper !== undefined) {
    throw refusal('a pepper belongs to hmac-sha256 and nestarc alone');
  }
  if (scheme === 'sha256') {
    const hash = `sha256:${digestOf(foreign)}`;
    return { hash, lookup: hash };
  }
  if (scheme === 'hmac-sha256') {
    const hash = `hmac-sha256:${pepperOf(foreign)}:${digestOf(foreign)}`;
    return { hash, lookup: hash };
  }
  if (foreign.encoding !== undefined) throw refusal('an encoding belongs to sha256, hmac-sha256 and nestarc alone');
  return { hash: salted(scheme, foreign.hash), lookup: null };
}

function schemeOf(hash: string): keyof typeof RULES {
  if (/^\$2[aby]\$/.test(hash)) return 'bcrypt';
  if (/^\$argon2(?:id|i|d)\$/.test(hash)) return 'argon2';
  if (hash.startsWith('$scrypt$')) return 'scrypt';
  throw refusal('the hash does not name its scheme: say whether it is sha256 or hmac-sha256');
}

function pepperOf({ pepper }: ImportedHash): string {
  if (pepper !== undefined && isImportedPepperName(pepper)) return pepper;
  throw refusal(
    'hmac-sha256 and nestarc need the name of the pepper: up to 32 letters, digits, "_", "." and "-", a lower-case letter first',
  );
}

function digestOf({ hash, encoding }: ImportedHash): string {
  const names = encoding === undefined ? HASH_ENCODINGS : [encoding];
  const name = names.find((each) => DIGESTS[each].test(hash));
  const digest = name && Buffer.from(hash, name);
  const canonical = digest?.toString('base64url');
  // The last character of base64 has bits to spare: other spellings of one digest are typing errors.
  const isSpelled = name === 'hex' || canonical === hash.replace('=', '').replaceAll('+', '-').replaceAll('/', '_');
  if (canonical !== undefined && isSpelled) return canonical;
  throw refusal(`a SHA-256 has 64 hexadecimal or 43 base64 characters${encoding ? `, here in ${encoding}` : ''}`);
}

function salted(scheme: keyof typeof RULES, text: string): string {
  // Some write base64 with the padding that PHC strings leave out.
  const hash = scheme === 'bcrypt' ? text : text.replaceAll(/=+(?=\$|$)/g, '');
  const read = readStoredHash(hash);
  if (read === 'too costly') throw refusal(TOO_COSTLY);
  if (read === 'damaged' || read.scheme !== scheme) throw refusal(RULES[scheme]);
  return hash;
}

function refusal(message: string): ImportedHashError {
  return new ImportedHashError(message);
}
