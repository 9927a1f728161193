import * as crypto from 'node:crypto';
import { ImportedKeys, isLegacyKey, LOOKUP_PREFIX, parseNestarcKey, type StoredImport } from '@feather-identity/core';
import type { ImportedPeppers } from './imported-peppers.js';

/** Each prefix adds one lookup for every imported key that is presented. */
const MAX_PREFIXES = 8;

/** Thrown for a malformed list of lookups. The message follows the name of the setting. */
export class ImportedKeysFormatError extends Error {
  override readonly name = 'ImportedKeysFormatError';
}

/** Lookups with a name; the others are prefixes of a given length. */
const WORDS = ['sha256', 'hmac-sha256', 'nestarc'] as const;
type Word = (typeof WORDS)[number];

/**
 * Finds imported keys: by their SHA-256, by an HMAC under a pepper of the other system, for nestarc by everything before the
 * secret, or by their first characters.
 */
export class ImportedKeyLookups extends ImportedKeys {
  private constructor(
    private readonly words: ReadonlySet<Word>,
    private readonly peppers: ImportedPeppers,
    /** The longest first, because it is the most specific. */
    private readonly prefixLengths: readonly number[],
  ) {
    super();
  }

  /** Reads `sha256,hmac-sha256,nestarc,prefix:8`. Throws `ImportedKeysFormatError`. */
  static parse(text: string, peppers: ImportedPeppers): ImportedKeyLookups {
    const entries = text.split(',').map((entry) => entry.trim());
    const others = entries.filter((entry) => !WORDS.some((word) => word === entry));
    const words = new Set(WORDS.filter((word) => entries.includes(word)));
    assertUseOfPeppers(words, peppers);
    if (others.length > MAX_PREFIXES) throw refusal(`must have at most ${MAX_PREFIXES} prefixes`);
    const prefixLengths = others.map(prefixLength).sort((a, b) => b - a);
    if (new Set(entries).size < entries.length) throw refusal('names a lookup twice');
    return new ImportedKeyLookups(words, peppers, prefixLengths);
  }

  override lookupsOf(plainText: string): readonly string[] {
    if (!isLegacyKey(plainText)) return [];
    const lookups = this.words.has('sha256') ? [`sha256:${crypto.hash('sha256', plainText, 'base64url')}`] : [];
    for (const name of this.words.has('hmac-sha256') ? this.peppers.names : []) {
      lookups.push(`hmac-sha256:${name}:${this.peppers.mac(name, plainText)?.toString('base64url')}`);
    }
    const nestarc = this.words.has('nestarc') ? parseNestarcKey(plainText) : null;
    if (nestarc !== null) lookups.push(`prefix:${nestarc.head}`);
    for (const length of this.prefixLengths) {
      if (length + LOOKUP_PREFIX.leaves <= plainText.length) lookups.push(`prefix:${plainText.slice(0, length)}`);
    }
    return lookups;
  }

  override finds({ hash, lookup, isProven = false }: StoredImport): boolean {
    const [scheme, pepper = ''] = hash.split(':');
    const hasPepper = this.peppers.names.includes(pepper);
    if (scheme === 'sha256') return this.words.has('sha256');
    if (scheme === 'hmac-sha256') return this.words.has('hmac-sha256') && hasPepper;
    // Its lookup does not depend on the pepper; only the hash does.
    if (scheme === 'nestarc') return this.words.has('nestarc') && (isProven || hasPepper);
    return lookup.startsWith('prefix:') && this.prefixLengths.includes(lookup.length - 'prefix:'.length);
  }
}

function assertUseOfPeppers(words: ReadonlySet<Word>, peppers: ImportedPeppers): void {
  const peppered = WORDS.filter((word) => word !== 'sha256' && words.has(word));
  const hasPeppers = peppers.names.length > 0;
  if (peppered.length > 0 && !hasPeppers)
    throw refusal(`names ${peppered.join(' and ')}, but no pepper of the other system is given`);
  if (hasPeppers && peppered.length === 0)
    throw refusal('must name hmac-sha256 or nestarc, because peppers of another system are given');
}

function prefixLength(entry: string): number {
  const [, digits] = /^prefix:(\d{1,2})$/.exec(entry) ?? [];
  const length = Number(digits);
  if (length >= LOOKUP_PREFIX.least && length <= LOOKUP_PREFIX.most) return length;
  const { least, most } = LOOKUP_PREFIX;
  throw refusal(
    `must list sha256, hmac-sha256, nestarc and prefix:N with N from ${least} to ${most}, separated by commas`,
  );
}

function refusal(rule: string): ImportedKeysFormatError {
  return new ImportedKeysFormatError(rule);
}
