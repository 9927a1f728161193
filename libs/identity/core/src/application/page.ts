import { IdentityError } from '../domain/identity-error.js';
import { UUID } from '../domain/uuid.js';

// 14 digits of milliseconds end in the year 5138: no database is asked for an instant that it does not know.
const PAGE_END = new RegExp(`^(\\d{1,14})\\.(${UUID})$`);

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next part; null at the end. */
  readonly next: string | null;
}

/** Where a page ends, in a list that is sorted by instant and id. */
interface PageEnd {
  readonly createdAt: Date;
  readonly id: string;
}

/** The end of a page, as opaque text for clients. */
export function toCursor({ createdAt, id }: PageEnd): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/** The end of the page that a cursor was made of. Throws `cursor.invalid` for any other text. */
export function fromCursor(cursor: string): PageEnd {
  const [, instant, id] = PAGE_END.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const createdAt = new Date(Number(instant));
  if (id === undefined || toCursor({ createdAt, id }) !== cursor) {
    throw new IdentityError('cursor.invalid', 'cursor must be one that this list has returned.');
  }
  return { createdAt, id };
}
