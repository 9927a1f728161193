import { isImportedPepperName } from '@feather-identity/core';
import { readStoredHash } from '../stored-hash.js';

/** Hash schemes of other systems. */
export const HASH_SCHEMES = ['bcrypt', 'sha256', 'hmac-sha256', 'argon2', 'scrypt', 'nestarc'] as const;

/** Encodings of a digest without a salt. */
export const HASH_ENCODINGS = ['hex', 'base64', 'base64url'] as const;

/** A hash as another system stored it. */
export interface ImportedHash {
  /** Not needed for bcrypt, argon2 and scrypt, whose hashes name their scheme. */
  readonly scheme?: (typeof HASH_SCHEMES)[number] | undefined;
  readonly hash: string;
  /** For a digest without a salt. Default: recognized by the text, which is never ambiguous. */
  readonly encoding?: (typeof HASH_ENCODINGS)[number] | undefined;
  /** For an HMAC or nestarc: the name of its pepper. */
  readonly pepper?: string | undefined;
}

/** The form in which the hash is stored here. */
export interface CanonicalHash {
  /** As `ImportedApiKey.hash`. */
  readonly hash: string;
  /** The lookup that finds its key; null if that needs the beginning of the key (`prefixLookup`). */
  readonly lookup: string | null;
}

/** Thrown for a hash that cannot be imported. The message names the rule and never repeats the hash. */
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

/** Converts a hash of another system to the form in which it is stored here. Throws `ImportedHashError`. */
export function canonicalHash(imported: ImportedHash): CanonicalHash {
  const scheme = imported.scheme ?? schemeOf(imported.hash);
  if (scheme === 'nestarc') return { hash: `nestarc:${pepperOf(imported)}:${digestOf(imported)}`, lookup: null };
  if (scheme !== 'hmac-sha256' && imported.pepper !== undefined) {
    throw refusal('a pepper belongs to hmac-sha256 and nestarc alone');
  }
  if (scheme === 'sha256') {
    const hash = `sha256:${digestOf(imported)}`;
    return { hash, lookup: hash };
  }
  if (scheme === 'hmac-sha256') {
    const hash = `hmac-sha256:${pepperOf(imported)}:${digestOf(imported)}`;
    return { hash, lookup: hash };
  }
  if (imported.encoding !== undefined) throw refusal('an encoding belongs to sha256, hmac-sha256 and nestarc alone');
  return { hash: salted(scheme, imported.hash), lookup: null };
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
  // The last character of base64 has unused bits: other spellings of a digest are typing errors.
  const isSpelled = name === 'hex' || canonical === hash.replace('=', '').replaceAll('+', '-').replaceAll('/', '_');
  if (canonical !== undefined && isSpelled) return canonical;
  throw refusal(`a SHA-256 has 64 hexadecimal or 43 base64 characters${encoding ? `, here in ${encoding}` : ''}`);
}

function salted(scheme: keyof typeof RULES, text: string): string {
  // Some programs write the base64 padding that PHC strings leave out.
  const hash = scheme === 'bcrypt' ? text : text.replaceAll(/=+(?=\$|$)/g, '');
  const read = readStoredHash(hash);
  if (read === 'too costly') throw refusal(TOO_COSTLY);
  if (read === 'damaged' || read.scheme !== scheme) throw refusal(RULES[scheme]);
  return hash;
}

function refusal(message: string): ImportedHashError {
  return new ImportedHashError(message);
}
