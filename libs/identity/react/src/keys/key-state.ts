const DAY = 86_400_000;

/** How long before its end a key counts as expiring. */
export const EXPIRING_WITHIN_DAYS = 7;

/** What a key is doing; the first that applies, from the top. `rotating`: an earlier secret is still valid. */
export type KeyState = 'revoked' | 'expired' | 'disabled' | 'rotating' | 'expiring' | 'active';

/** The fields of a key that say what state it is in. */
export interface KeyLife {
  readonly is_active: boolean;
  readonly expires_at: string | null;
  readonly created_at?: string;
  readonly revoked_at?: string | null;
  readonly previous_secret_expires_at?: string | null;
}

/**
 * The state of a key.
 *
 * @param now - milliseconds since 1970
 */
export function stateOf(key: KeyLife, now: number): KeyState {
  if ((key.revoked_at ?? null) !== null) return 'revoked';
  const left = key.expires_at === null ? Infinity : Date.parse(key.expires_at) - now;
  // An expired key is not active either.
  if (left <= 0) return 'expired';
  if (!key.is_active) return 'disabled';
  const earlier = key.previous_secret_expires_at ?? null;
  if (earlier !== null && Date.parse(earlier) > now) return 'rotating';
  return left <= EXPIRING_WITHIN_DAYS * DAY ? 'expiring' : 'active';
}

/**
 * Whether an end that is near deserves attention: not that of a key made for a short time, which is as it should be until
 * half of that is over.
 *
 * @param now - milliseconds since 1970
 */
export function endIsUrgent({ expires_at: end, created_at: made }: KeyLife, now: number): boolean {
  if (end === null || made === undefined) return true;
  const left = Date.parse(end) - now;
  return left <= (Date.parse(end) - Date.parse(made)) / 2;
}
