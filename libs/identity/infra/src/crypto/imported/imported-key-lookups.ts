import * as crypto from 'node:crypto';
import { ImportedKeys, isForeignKey, LOOKUP_PREFIX } from '@feather-identity/core';
import type { ForeignPeppers } from './foreign-peppers.js';

/** Each is a look-up text for every key of another system. */
const MAX_PREFIXES = 8;

/** Thrown for a list of look-ups that breaks the rule. The message completes the name of the setting. */
export class ImportedKeysFormatError extends Error {
  override readonly name = 'ImportedKeysFormatError';
}

/** Finds keys that were imported with their SHA-256, with an HMAC under a foreign pepper, or by how they begin. */
export class ImportedKeyLookups extends ImportedKeys {
  private constructor(
    private readonly isBySha256: boolean,
    private readonly peppers: ForeignPeppers,
    /** The longest first: it says most about the key. */
    private readonly prefixLengths: readonly number[],
  ) {
    super();
  }

  /** Reads `sha256,hmac-sha256,prefix:8`. Throws `ImportedKeysFormatError`. */
  static parse(text: string, peppers: ForeignPeppers): ImportedKeyLookups {
    const entries = text.split(',').map((entry) => entry.trim());
    const others = entries.filter((entry) => entry !== 'sha256' && entry !== 'hmac-sha256');
    const isByHmac = entries.includes('hmac-sha256');
    const hasPeppers = peppers.names.length > 0;
    if (isByHmac && !hasPeppers) throw refusal('names hmac-sha256, but no foreign pepper is given');
    if (hasPeppers && !isByHmac) throw refusal('lacks hmac-sha256, though foreign peppers are given');
    if (others.length > MAX_PREFIXES) throw refusal(`takes at most ${MAX_PREFIXES} prefixes`);
    const prefixLengths = others.map(prefixLength).sort((a, b) => b - a);
    if (new Set(entries).size < entries.length) throw refusal('names a look-up twice');
    return new ImportedKeyLookups(entries.includes('sha256'), peppers, prefixLengths);
  }

  override lookupsOf(plainText: string): readonly string[] {
    if (!isForeignKey(plainText)) return [];
    const lookups = this.isBySha256 ? [`sha256:${crypto.hash('sha256', plainText, 'base64url')}`] : [];
    for (const name of this.peppers.names) {
      lookups.push(`hmac-sha256:${name}:${this.peppers.mac(name, plainText)?.toString('base64url')}`);
    }
    for (const length of this.prefixLengths) {
      if (length <= plainText.length) lookups.push(`prefix:${plainText.slice(0, length)}`);
    }
    return lookups;
  }

  override finds(lookup: string): boolean {
    const [scheme, ...rest] = lookup.split(':');
    if (scheme === 'sha256') return this.isBySha256;
    if (scheme === 'hmac-sha256') return this.peppers.names.includes(rest[0] ?? '');
    return scheme === 'prefix' && this.prefixLengths.includes(rest.join(':').length);
  }
}

function prefixLength(entry: string): number {
  const [, digits] = /^prefix:(\d{1,2})$/.exec(entry) ?? [];
  const length = Number(digits);
  if (length >= LOOKUP_PREFIX.least && length <= LOOKUP_PREFIX.most) return length;
  const { least, most } = LOOKUP_PREFIX;
  throw refusal(`takes sha256, hmac-sha256 and prefix:N with N from ${least} to ${most}, separated by commas`);
}

function refusal(rule: string): ImportedKeysFormatError {
  return new ImportedKeysFormatError(rule);
}
