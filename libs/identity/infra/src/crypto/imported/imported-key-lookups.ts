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
    const prefixLengths = entries.filter((entry) => entry !== 'sha256' && entry !== 'hmac-sha256').map(prefixLength);
    if (new Set(entries).size < entries.length) throw new ImportedKeysFormatError('names a look-up twice');
    const isBySha256 = entries.includes('sha256');
    const isByHmac = entries.includes('hmac-sha256');
    if (prefixLengths.length > MAX_PREFIXES) throw new ImportedKeysFormatError(`takes at most ${MAX_PREFIXES} prefixes`);
    const hasPeppers = peppers.names.length > 0;
    if (isByHmac && !hasPeppers) throw new ImportedKeysFormatError('names hmac-sha256, but no foreign pepper is given');
    if (hasPeppers && !isByHmac) throw new ImportedKeysFormatError('lacks hmac-sha256, though foreign peppers are given');
    return new ImportedKeyLookups(isBySha256, peppers, prefixLengths.sort((a, b) => b - a));
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
  throw new ImportedKeysFormatError(
    `takes sha256, hmac-sha256 and prefix:N with N from ${LOOKUP_PREFIX.least} to ${LOOKUP_PREFIX.most}, separated by commas`,
  );
}
