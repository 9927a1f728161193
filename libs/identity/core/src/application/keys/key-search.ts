import type { ApiKey } from '../../domain/api-key.js';
import { isStorableText } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { ApiKeyDetails, ApiKeyFilters, ApiKeySort, SortedPlace } from '../ports/api-key-repository.js';
import { fromCursor, toCursor } from '../page.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const CURSOR = new RegExp(`^(name|last_used_at|expires_at)\\.(${UUID})\\.([^]*)$`);
const INSTANT = /^\d{1,14}$/;

/** A name as it is searched and sorted: the letters A to Z in lower case, as both databases do it. */
function foldedName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a key passes the filters at an instant. */
export function matches({ apiKey, secrets }: ApiKeyDetails, filters: ApiKeyFilters, at: Date): boolean {
  const { nameBegins, label, status, unusedSince, createdBy, expiresBefore, memberId } = filters;
  if (createdBy !== undefined && apiKey.createdBy?.id !== createdBy) return false;
  if (memberId !== undefined && apiKey.memberId !== memberId) return false;
  if (expiresBefore !== undefined && (apiKey.expiresAt === null || apiKey.expiresAt >= expiresBefore)) return false;
  if (nameBegins !== undefined && !foldedName(apiKey.name).startsWith(foldedName(nameBegins))) return false;
  if (label !== undefined && !apiKey.labels.includes(label)) return false;
  if (status !== undefined && (apiKey.inactiveReason(at) ?? 'active') !== status) return false;
  return (
    unusedSince === undefined ||
    [apiKey, ...secrets].every(
      ({ createdAt, lastUsedAt }) => createdAt < unusedSince && (lastUsedAt === null || lastUsedAt < unusedSince),
    )
  );
}

/** Where a key stands in a list that is sorted like this. */
export function placeIn(sort: ApiKeySort, apiKey: ApiKey): SortedPlace {
  const value = {
    created_at: apiKey.createdAt,
    name: foldedName(apiKey.name),
    last_used_at: apiKey.lastUsedAt,
    expires_at: apiKey.expiresAt,
  }[sort];
  return { value, id: apiKey.id };
}

/** Negative where `a` comes first. Keys without the value come last. */
export function comparePlaces(sort: ApiKeySort, a: SortedPlace, b: SortedPlace): number {
  const forwards = sort === 'name' || sort === 'expires_at';
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? 1 : -1;
  } else {
    const order = compare(a.value, b.value);
    if (order !== 0) return forwards ? order : -order;
  }
  const byId = a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
  return forwards ? byId : -byId;
}

/** The order of the bytes in UTF-8, as both databases have it. */
function compare(a: string | Date, b: string | Date): number {
  if (typeof a === 'string' || typeof b === 'string')
    return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  return a.getTime() - b.getTime();
}

/** The place as opaque text for clients. */
export function toSortedCursor(sort: ApiKeySort, { value, id }: SortedPlace): string {
  if (sort === 'created_at') return toCursor({ createdAt: value as Date, id });
  const text = value instanceof Date ? String(value.getTime()) : (value ?? '');
  return Buffer.from(`${sort}.${id}.${text}`).toString('base64url');
}

/** The place that a cursor of this sort was made of. Throws `cursor.invalid` for any other text. */
export function fromSortedCursor(sort: ApiKeySort, cursor: string): SortedPlace {
  if (sort === 'created_at') {
    const { createdAt, id } = fromCursor(cursor);
    return { value: createdAt, id };
  }
  const [, made, id, text = ''] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const isValue = sort === 'name' ? isStorableText(text) : text === '' || INSTANT.test(text);
  const value = sort === 'name' ? text : text === '' ? null : new Date(Number(text));
  if (id === undefined || made !== sort || !isValue || toSortedCursor(sort, { value, id }) !== cursor) {
    throw new IdentityError('cursor.invalid', 'cursor must be one that this list has returned.');
  }
  return { value, id };
}
