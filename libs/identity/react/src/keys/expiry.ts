import { duration } from '../format/time.js';

const DAY = 86_400_000;

/** What ends of a new key the policy and the caller allow. Instants are milliseconds since 1970. */
export interface ExpiryBounds {
  /** The latest end; null: there is no latest. */
  readonly latest: number | null;
}

/** Choices of how long a key lives, in days. */
const PRESETS = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, '1 year'],
] as const;

/** One choice: `days` from now, `latest`, `never` or `custom`. */
export interface ExpiryChoice {
  readonly value: string;
  readonly label: string;
}

/** The latest end that a new key may have: no later than the policy's longest life, nor than the caller. */
export function expiryBounds(now: number, maxLifetimeDays: number | null, callerEnd: string | null): ExpiryBounds {
  const ends = [
    ...(maxLifetimeDays === null ? [] : [now + maxLifetimeDays * DAY]),
    ...(callerEnd === null ? [] : [Date.parse(callerEnd)]),
  ];
  return { latest: ends.length === 0 ? null : Math.min(...ends) };
}

/** The choices within the bounds. What may not be chosen is not among them. */
export function expiryChoices(now: number, { latest }: ExpiryBounds, required: boolean): readonly ExpiryChoice[] {
  const presets = PRESETS.filter(([days]) => latest === null || now + days * DAY <= latest).map(([days, label]) => ({
    value: String(days),
    label,
  }));
  // No second choice for what a preset already is.
  const isPreset = latest !== null && presets.some(({ value }) => latest - (now + Number(value) * DAY) < DAY / 2);
  return [
    ...presets,
    ...(latest === null || isPreset ? [] : [{ value: 'latest', label: `Longest (${duration(latest - now)})` }]),
    { value: 'custom', label: 'Other date' },
    ...(latest === null && !required ? [{ value: 'never', label: 'Never' }] : []),
  ];
}

/** The default: three months, or the longest that is allowed. */
export function defaultExpiry(choices: readonly ExpiryChoice[]): string {
  const values = choices.map(({ value }) => value);
  const longest = values.findLast((value) => /^\d+$/.test(value));
  return ['90', 'latest', longest].find((value) => value !== undefined && values.includes(value)) ?? 'custom';
}

/**
 * The end that a choice means, for `expires_at`; null for never, undefined while a date is missing.
 *
 * @param custom - the value of `<input type="datetime-local">`
 */
export function expiryOf(
  choice: string,
  custom: string,
  now: number,
  { latest }: ExpiryBounds,
): string | null | undefined {
  if (choice === 'never') return null;
  if (choice === 'latest') {
    // A second of room: the service counts from when it gets the request.
    return latest === null ? null : new Date(latest - 1000).toISOString();
  }
  if (choice !== 'custom') return new Date(now + Number(choice) * DAY).toISOString();
  const instant = Date.parse(custom);
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString();
}

/** An instant for `<input type="datetime-local">`, in the reader's zone. */
export function forDateInput(instant: number): string {
  const zone = new Date(instant).getTimezoneOffset() * 60_000;
  return new Date(instant - zone).toISOString().slice(0, 16);
}
