const DATE_LENGTH = 10;
const HYPHEN = 0x2d;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt _](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+\-\u2212])(\d{2}):?(\d{2}))?$/u;
const DAY_IN_MINUTES = 24 * 60;

/** Why a text is not a date, in the words of the speedate crate, which Pydantic v2 quotes. */
export type DateError = { readonly error: string };

/**
 * Reads `YYYY-MM-DD`.
 *
 * @param text - The date and nothing else.
 * @returns Midnight (UTC) of that day in milliseconds since 1970, or why the text is not a date.
 */
export function parseDate(text: string): number | DateError {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < DATE_LENGTH) return { error: 'input is too short' };
  const year = digits(bytes, 0, 4);
  if (year === undefined) return { error: 'invalid character in year' };
  if (bytes[4] !== HYPHEN) return { error: 'invalid date separator, expected `-`' };
  const month = digits(bytes, 5, 7);
  if (month === undefined) return { error: 'invalid character in month' };
  if (bytes[7] !== HYPHEN) return { error: 'invalid date separator, expected `-`' };
  const day = digits(bytes, 8, 10);
  if (day === undefined) return { error: 'invalid character in day' };
  if (month < 1 || month > 12) return { error: 'month value is outside expected range of 1-12' };
  if (day < 1 || day > daysIn(year, month)) return { error: 'day value is outside expected range' };
  if (bytes.length > DATE_LENGTH) return { error: 'unexpected extra characters at the end of the input' };
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/**
 * Reads a date and time as Pydantic v2 does: RFC 3339, and a few spellings beside it (a space or `_` for the `T`, a comma
 * for the point, no seconds). A time without offset is read as UTC.
 *
 * @param text - The date and time and nothing else.
 * @returns The instant in milliseconds since 1970, or `undefined` for any other text.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3339#section-5.6 | RFC 3339 section 5.6}
 */
export function parseDateTime(text: string): number | undefined {
  const [, date = '', hour, minute, second = '0', fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] =
    DATE_TIME.exec(text) ?? [];
  const midnight = parseDate(date);
  if (typeof midnight !== 'number') return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetMinutes) > 59) return undefined;
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (offset >= DAY_IN_MINUTES) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - (sign === '+' ? offset : -offset);
  return midnight + (minutes * 60 + Number(second)) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function daysIn(year: number, month: number): number {
  return new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate();
}

function digits(bytes: Buffer, start: number, end: number): number | undefined {
  const text = bytes.toString('latin1', start, end);
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}
