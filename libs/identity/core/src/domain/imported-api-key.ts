import { createHash } from 'node:crypto';
import { DISPLAY_NAME_RULE, isDisplayName } from './display-name.js';
import { IdentityError } from './identity-error.js';
import { isKeyPrefix } from './key-prefix.js';
import { isNestarcHead } from './nestarc-key.js';
import { ScopeGrant } from './scope-grant.js';
import type { TokenFormat } from './token-format.js';

/** One key of another system, as it is imported. */
export interface ImportedApiKey {
  readonly organizationId: string;
  readonly name: string;
  /**
   * The hash that the other system stored of the whole key: `sha256:<base64url>`,
   * `hmac-sha256:<name of the imported pepper>:<base64url>`, bcrypt's `$2b$...`, or `$argon2id$...` and `$scrypt$...` in
   * PHC string format. For a key of `@nestarc/api-keys`, of its last part: `nestarc:<name of the pepper>:<base64url>`.
   *
   * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
   */
  readonly hash: string;
  /** The look-up text of its row: the hash itself if it has no salt, otherwise `prefix:` and the beginning of the key. */
  readonly lookup: string;
  /** The public part, unique and shown to people. Null for a generated one. */
  readonly keyPrefix: string | null;
  /** Null for unrestricted. */
  readonly scopes: readonly string[] | null;
  /** Null for now. */
  readonly createdAt: Date | null;
  readonly expiresAt: Date | null;
}

const LEGACY_KEY = /^[\x21-\x7e]{8,512}$/;

/**
 * The length of a prefix that a row may be found by, in characters: from `least` to `most`, with at least `leaves` secret
 * characters behind it.
 */
export const LOOKUP_PREFIX = { least: 6, most: 64, leaves: 16 } as const;

/** The compact form of a signed or encrypted token. It begins with the base64url of `{"`. */
const JWT = /^eyJ[\w-]*(?:\.[\w-]*){2,4}$/;

const PEPPER_NAME = '[a-z][\\w.-]{0,31}';
const IMPORTED_PEPPER = new RegExp(`^${PEPPER_NAME}$`);
const UNSALTED = new RegExp(`^(?:sha256|hmac-sha256:${PEPPER_NAME}):[\\w-]{43}$`);
const SALTED = /^\$[a-z0-9]+\$[\x21-\x7e]{1,255}$/;
const NESTARC = new RegExp(`^nestarc:${PEPPER_NAME}:[\\w-]{43}$`);
const LOOKUP = new RegExp(`^prefix:[\\x21-\\x7e]{${LOOKUP_PREFIX.least},${LOOKUP_PREFIX.most}}$`);

/** Whether `text` could be a key of another system: 8 to 512 printable ASCII characters without spaces. */
export function isLegacyKey(text: string): boolean {
  return LEGACY_KEY.test(text);
}

/**
 * Whether `text` is spelled like a JWT.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-3
 */
export function isJwt(text: string): boolean {
  return JWT.test(text);
}

/** Whether `text` can name an imported pepper: 1 to 32 letters, digits, `_`, `.` and `-`, a lower-case letter first. */
export function isImportedPepperName(text: string): boolean {
  return IMPORTED_PEPPER.test(text);
}

/** A stored hash without the name of its pepper: the same for one key, whatever its pepper is called here. */
export function withoutPepperName(hash: string): string {
  return hash.replace(/^(hmac-sha256|nestarc):[^:]*:/, '$1:');
}

/**
 * The look-up text of a key with this beginning.
 *
 * @throws IdentityError `api_key.import_invalid` for a beginning that is too short or too long
 */
export function prefixLookup(prefix: string): string {
  const lookup = `prefix:${prefix}`;
  if (LOOKUP.test(lookup)) return lookup;
  throw invalid(
    `A key is found by its first ${LOOKUP_PREFIX.least} to ${LOOKUP_PREFIX.most} characters, printable ASCII without spaces.`,
  );
}

/**
 * The grant of a key that can be imported. Throws `api_key.name_invalid`, `api_key.scope_invalid` and
 * `api_key.import_invalid` for others, and never repeats a value.
 */
export function assertImportable(imported: ImportedApiKey, format: TokenFormat): ScopeGrant {
  const { name, hash, lookup, keyPrefix, scopes, createdAt, expiresAt } = imported;
  if (!isDisplayName(name)) throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
  if (!isFoundBy(hash, lookup)) {
    throw invalid(
      'A hash without a salt is its own look-up text; one with a salt needs how the key begins, and one of nestarc all ' +
        'that comes before the last "_" of the key.',
    );
  }
  if (keyPrefix !== null && (!isKeyPrefix(keyPrefix) || format.isKeyPrefix(keyPrefix))) {
    throw invalid(
      'The prefix that is shown takes 1 to 64 printable ASCII characters without spaces, and is none of our own tokens.',
    );
  }
  if (keyPrefix !== null && hash === `sha256:${createHash('sha256').update(keyPrefix).digest('base64url')}`) {
    throw invalid('The prefix that is shown is the whole key.');
  }
  if ([createdAt, expiresAt].some((instant) => instant !== null && Number.isNaN(instant.getTime()))) {
    throw invalid('The instants of a key are dates.');
  }
  return scopes === null ? ScopeGrant.unrestricted() : ScopeGrant.requested(scopes);
}

function isFoundBy(hash: string, lookup: string): boolean {
  if (UNSALTED.test(hash)) return lookup === hash;
  if (!LOOKUP.test(lookup)) return false;
  return NESTARC.test(hash) ? isNestarcHead(lookup.slice('prefix:'.length)) : SALTED.test(hash);
}

function invalid(message: string): IdentityError {
  return new IdentityError('api_key.import_invalid', message);
}
