import { IdentityError, type ImportedApiKey, prefixLookup } from '@feather-identity/core';
import { canonicalHash, ImportedHashError, HASH_ENCODINGS, HASH_SCHEMES } from '@feather-identity/infra';
import { isUuid } from '../options.js';
import { parseInstant } from './instant.js';
import type { RowField, RowFields } from './source-row.js';

/** Values for rows that do not have the field themselves. */
export interface RowDefaults {
  readonly organization?: string;
  readonly scheme?: (typeof HASH_SCHEMES)[number];
  readonly encoding?: (typeof HASH_ENCODINGS)[number];
  readonly pepper?: string;
  /** Whether rows without scopes become unrestricted keys. */
  readonly unrestricted?: boolean;
}

/** Why a row is refused. The message never repeats a value of the row. */
export class RowRefusal extends Error {
  override readonly name = 'RowRefusal';
}

/** The key that a row describes. Throws `RowRefusal`. */
export function importedKeyOf(fields: RowFields, defaults: RowDefaults): ImportedApiKey {
  const prefix = textOf(fields, 'prefix');
  return refusedInWords(() => {
    const { hash, lookup } = canonicalHash({
      scheme: oneOf(HASH_SCHEMES, fields, 'scheme') ?? defaults.scheme,
      hash: required(fields, 'hash'),
      encoding: oneOf(HASH_ENCODINGS, fields, 'encoding') ?? defaults.encoding,
      pepper: textOf(fields, 'pepper') ?? defaults.pepper,
    });
    return {
      organizationId: organizationOf(fields, defaults),
      name: required(fields, 'name'),
      hash,
      lookup: lookup ?? prefixLookup(required(fields, 'prefix')),
      keyPrefix: prefix,
      scopes: scopesOf(fields.scopes, defaults),
      createdAt: instantOf(fields, 'created_at'),
      expiresAt: instantOf(fields, 'expires_at'),
    };
  });
}

/** Runs `check` and turns its refusal into a `RowRefusal`. */
export function refusedInWords<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    // Neither message repeats a value.
    if (error instanceof IdentityError) throw new RowRefusal(error.message);
    if (error instanceof ImportedHashError) throw new RowRefusal(sentence(error.message));
    throw error;
  }
}

function organizationOf(fields: RowFields, { organization }: RowDefaults): string {
  const id = required(fields, 'organization_id', organization);
  if (!isUuid(id)) throw new RowRefusal('organization_id must be a UUID.');
  return id.toLowerCase();
}

/**
 * A list, or one text with spaces between. A missing value means every scope only with `--unrestricted`. An empty list is
 * refused: its key could do nothing.
 */
function scopesOf(given: unknown, { unrestricted }: RowDefaults): readonly string[] | null {
  if (given === undefined || given === null) {
    if (unrestricted === true) return null;
    throw new RowRefusal('It has no scopes. With --unrestricted its key would be unrestricted.');
  }
  const scopes = typeof given === 'string' ? given.split(/\s+/).filter((scope) => scope !== '') : given;
  if (!isTexts(scopes)) throw new RowRefusal('scopes must be a list of texts, or one text with spaces between.');
  if (scopes.length === 0) throw new RowRefusal('scopes is empty: such a key could do nothing.');
  return scopes;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function instantOf(fields: RowFields, field: RowField): Date | null {
  const text = textOf(fields, field);
  const instant = text === null ? null : parseInstant(text);
  if (text !== null && instant === null) {
    throw new RowRefusal(`${field} must be an instant with its offset, like 2027-01-31T12:00:00Z.`);
  }
  return instant;
}

function oneOf<T extends string>(words: readonly T[], fields: RowFields, field: RowField): T | undefined {
  const text = textOf(fields, field);
  const word = words.find((each) => each === text);
  if (text !== null && word === undefined) throw new RowRefusal(`${field} must be one of ${words.join(', ')}.`);
  return word;
}

function required(fields: RowFields, field: RowField, fallback?: string): string {
  const value = textOf(fields, field) ?? fallback;
  if (value === undefined) throw new RowRefusal(`${field} is missing.`);
  return value;
}

/** Text; null for an empty one, because CSV has no other way to leave a field out. */
function textOf(fields: RowFields, field: RowField): string | null {
  const value = fields[field] ?? '';
  if (typeof value !== 'string') throw new RowRefusal(`${field} must be text.`);
  if (value.includes('\uFFFD')) throw new RowRefusal(`${field} is not valid UTF-8.`);
  return value === '' ? null : value;
}

function sentence(rule: string): string {
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1)}.`;
}
