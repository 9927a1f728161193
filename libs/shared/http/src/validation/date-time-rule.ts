import { ValidationIssue, parsingIssue } from './validation-issue.js';
import { parseDate, parseDateTime } from './iso-date.js';
import { wellFormed } from './text-rules.js';

const YEAR_ONE = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');
const INTEGER_TEXT = /^([+-]?)([0-9]+)$/;
const FLOAT_TEXT = /^[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i;
// Far more than any time stamp has. It bounds the work that a long text of digits can cause.
const MAX_DIGITS = 64;

type Instant = number | { readonly error: string };

/**
 * Reads date-times as Pydantic v2 does: text like RFC 3339, plain dates, and numbers or their text as seconds or
 * milliseconds since 1970. The value is a Date: fractions beyond milliseconds are cut off, and times without offset are
 * read as UTC.
 */
export function readDateTime(value: unknown): unknown {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'bigint') return readBigInteger(value);
  if (typeof value !== 'number') return typeIssue();
  if (Number.isNaN(value)) return parsingIssue('datetime_parsing', 'datetime', 'NaN values not permitted');
  return toDate(fromEpochFloat(value));
}

const readText = wellFormed((text) => {
  const date = parseDate(text);
  const written = parseDateTime(text) ?? (typeof date === 'number' ? date : undefined);
  if (written !== undefined) {
    if (text.startsWith('0000')) return outOfRange(0);
    // Pydantic keeps the offset of the text. A Date is UTC, where this year would have five digits, which is no date-time.
    return written > LAST_INSTANT ? outOfRange(10_000) : new Date(written);
  }
  const epoch = parseEpochText(text);
  if (typeof epoch === 'number') return toDate(epoch);
  // Whatever failed, Pydantic also reports why the text is not a plain date.
  const reason = epoch ?? date;
  return typeof reason === 'number'
    ? new Date(reason)
    : parsingIssue('datetime_from_date_parsing', 'datetime or date', reason.error);
});

function readBigInteger(value: bigint): unknown {
  const count = Number(value);
  return Number.isFinite(count) ? toDate(fromEpoch(count)) : typeIssue();
}

/** The instant of a number's text; undefined if it is not a number, or has a point and is out of range. */
function parseEpochText(text: string): Instant | undefined {
  if (FLOAT_TEXT.test(text)) {
    const instant = fromEpochText(Number(text));
    return typeof instant === 'number' ? instant : undefined;
  }
  const [matched, sign, digits = ''] = INTEGER_TEXT.exec(text) ?? [];
  const magnitude = matched === undefined ? undefined : wrappingInteger(digits.replace(/^0+/, ''));
  if (magnitude === undefined) return undefined;
  return fromEpoch(Number(sign === '-' ? -magnitude : magnitude));
}

/** speedate's 64-bit arithmetic. It notices an overflow only when a step turns negative, so some long texts wrap around. */
function wrappingInteger(digits: string): bigint | undefined {
  if (digits.length > MAX_DIGITS) return undefined;
  let value = 0n;
  for (const digit of digits) {
    value = BigInt.asIntN(64, value * 10n + BigInt(digit));
    if (value < 0n) return undefined;
  }
  return value;
}

function toDate(instant: Instant): Date | ValidationIssue {
  if (typeof instant !== 'number') return parsingIssue('datetime_parsing', 'datetime', instant.error);
  return instant < YEAR_ONE ? outOfRange(0) : new Date(instant);
}

// Python's datetime begins with year 1 and ends with 9999.
function outOfRange(year: 0 | 10_000): ValidationIssue {
  return parsingIssue('datetime_parsing', 'datetime', `year ${year} is out of range`);
}

function typeIssue(): ValidationIssue {
  return new ValidationIssue('datetime_type', 'Input should be a valid datetime');
}

// Above this magnitude a number counts milliseconds, not seconds (Pydantic v2's "infer").
const MILLISECONDS_ABOVE = 20_000_000_000;
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;

/** Why a number is not a time stamp. */
type EpochError = { readonly error: string };

const TOO_LARGE: EpochError = { error: 'dates after 9999 are not supported as unix timestamps' };
const TOO_SMALL: EpochError = { error: 'dates before 0000 are not supported as unix timestamps' };

/** The instant of a whole number of seconds or milliseconds since 1970, plus microseconds; in milliseconds. */
function fromEpoch(count: number, microseconds = 0): number | EpochError {
  const isMilliseconds = Math.abs(count) > MILLISECONDS_ABOVE;
  const seconds = isMilliseconds ? Math.floor(count / 1000) : count;
  const extra = isMilliseconds ? (count - seconds * 1000) * 1000 : 0;
  const total = microseconds + extra;
  const second = seconds + Math.floor(total / 1_000_000);
  if (second > LAST_SECOND) return TOO_LARGE;
  if (second < FIRST_SECOND) return TOO_SMALL;
  return second * 1000 + Math.floor((total % 1_000_000) / 1000);
}

/** A JSON number with a fraction: Pydantic floors it and adds the fraction's magnitude, also below zero. */
function fromEpochFloat(value: number): number | EpochError {
  if (!Number.isFinite(value)) return value > 0 ? TOO_LARGE : TOO_SMALL;
  const scale = Math.abs(value) > MILLISECONDS_ABOVE ? 1000 : 1_000_000;
  return fromEpoch(Math.floor(value), Math.round(Math.abs(value % 1) * scale));
}

/** Text of a number with a point: scaled once to seconds here, and once more if those still look like milliseconds. */
function fromEpochText(value: number): number | EpochError {
  const seconds = Math.abs(value) > MILLISECONDS_ABOVE ? value / 1000 : value;
  if (!Number.isFinite(seconds)) return TOO_LARGE;
  const whole = Math.floor(seconds);
  return fromEpoch(whole, Math.round((seconds - whole) * 1_000_000));
}
