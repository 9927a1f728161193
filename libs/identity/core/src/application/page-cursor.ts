import { IdentityError } from '../domain/identity-error.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
// 14 digits of milliseconds end in the year 5138: no database is asked for an instant that it does not know.
const PLACE = new RegExp(`^(\\d{1,14})\\.(${UUID})$`);

/** Where a page ends, in a list that is sorted by instant and id. */
export interface PagePlace {
  readonly createdAt: Date;
  readonly id: string;
}

/** A place as opaque text for clients. */
export function toCursor({ createdAt, id }: PagePlace): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/** The place that a cursor stands for. Throws `cursor.invalid` for text that is none. */
export function fromCursor(cursor: string): PagePlace {
  const [, instant, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const createdAt = new Date(Number(instant));
  if (id === undefined || toCursor({ createdAt, id }) !== cursor) {
    throw new IdentityError('cursor.invalid', 'cursor must be one that this list has returned.');
  }
  return { createdAt, id };
}
