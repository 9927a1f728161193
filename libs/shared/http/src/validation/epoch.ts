// Above this magnitude a number counts milliseconds, not seconds (Pydantic v2's "infer").
const MILLISECONDS_ABOVE = 20_000_000_000;
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;

/** Why a number is no time stamp. */
export type EpochError = { readonly error: string };

const TOO_LARGE: EpochError = { error: 'dates after 9999 are not supported as unix timestamps' };
const TOO_SMALL: EpochError = { error: 'dates before 0000 are not supported as unix timestamps' };

/** The instant of a whole number of seconds or milliseconds since 1970, plus microseconds; in milliseconds. */
export function fromEpoch(count: number, microseconds = 0): number | EpochError {
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
export function fromEpochFloat(value: number): number | EpochError {
  if (!Number.isFinite(value)) return value > 0 ? TOO_LARGE : TOO_SMALL;
  const scale = Math.abs(value) > MILLISECONDS_ABOVE ? 1000 : 1_000_000;
  return fromEpoch(Math.floor(value), Math.round(Math.abs(value % 1) * scale));
}

/** Text of a number with a point: scaled once to seconds here, and once more if those still look like milliseconds. */
export function fromEpochText(value: number): number | EpochError {
  const seconds = Math.abs(value) > MILLISECONDS_ABOVE ? value / 1000 : value;
  if (!Number.isFinite(seconds)) return TOO_LARGE;
  const whole = Math.floor(seconds);
  return fromEpoch(whole, Math.round((seconds - whole) * 1_000_000));
}
