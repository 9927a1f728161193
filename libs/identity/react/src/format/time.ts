const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  ['year', 365 * DAY, 365 * DAY],
  // As days up to two months: people choose 30 days, or 45.
  ['month', 30 * DAY, 60 * DAY],
  ['day', DAY, DAY],
  ['hour', HOUR, HOUR],
  ['min', MINUTE, MINUTE],
] as const;

function inWords(milliseconds: number, rounded: (value: number) => number): string {
  const [unit, size] = UNITS.find(([, , least]) => milliseconds >= least) ?? [];
  if (unit === undefined) return 'under a minute';
  const value = rounded(milliseconds / size);
  if (unit === 'min') return `${value} min`;
  return value === 1 ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `${value} ${unit}s`;
}

/** A length of time in its largest unit, to the nearest: `3 min`, `an hour`, `7 days`, `2 years`. */
export function duration(milliseconds: number): string {
  // What was set to 7 days is 7 days a second later, too.
  return inWords(milliseconds, Math.round);
}

/**
 * An instant as people say it: `just now`, `3 min ago`, `in 5 days`.
 *
 * @param at - milliseconds since 1970
 * @param now - milliseconds since 1970
 */
export function relativeTime(at: number, now: number): string {
  const passed = now - at;
  if (Math.abs(passed) < MINUTE) return passed >= 0 ? 'just now' : 'in under a minute';
  return passed > 0 ? `${inWords(passed, Math.floor)} ago` : `in ${duration(-passed)}`;
}

/** What is left, with two units, so that it can be watched: `2 d 4 h`, `3 h 07 min`, `4 min 05 s`. */
export function countdown(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (left >= DAY) return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
  if (left >= HOUR) return `${Math.floor(left / HOUR)} h ${two((left % HOUR) / MINUTE)} min`;
  return `${Math.floor(left / MINUTE)} min ${two((left % MINUTE) / SECOND)} s`;
}

const local = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
const localDay = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** An instant in the reader's zone: `Nov 30, 2026, 07:13`. */
export function localTime(at: number): string {
  return local.format(at);
}

/** The day of an instant in the reader's zone: `Nov 30, 2026`. */
export function localDate(at: number): string {
  return localDay.format(at);
}

const localMinute = new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23' });

/** The time of day of an instant in the reader's zone: `07:13`. */
export function localClock(at: number): string {
  return localMinute.format(at);
}

/** The exact instant: `2026-11-30 07:13:22 UTC`. */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
