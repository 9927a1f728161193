/** A stretch of time in which uses of keys were written, by whichever instance. */
export interface ObservedStretch {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Two records of one stretch are at most so far apart, in milliseconds: uses are written every hour at least. */
export const MAX_OBSERVATION_GAP_MS = 7_200_000;

/**
 * The instant since when uses were observed for so long in all, up to now. Time in which nobody wrote uses is not counted:
 * the service was down, a backup was restored, or a clock jumped.
 *
 * @param durationMs in milliseconds
 * @returns null where they were observed for a shorter time
 */
export function observedSince(stretches: readonly ObservedStretch[], now: Date, durationMs: number): Date | null {
  let left = durationMs;
  let counted = now.getTime();
  const until = ({ endedAt }: ObservedStretch) =>
    // The stretch goes on: its next record is not due yet.
    now.getTime() - endedAt.getTime() <= MAX_OBSERVATION_GAP_MS ? now.getTime() : endedAt.getTime();
  for (const stretch of stretches.toSorted((a, b) => until(b) - until(a))) {
    const [from, end] = [stretch.startedAt.getTime(), Math.min(until(stretch), counted)];
    if (from >= end) continue;
    if (end - from >= left) return new Date(end - left);
    left -= end - from;
    counted = from;
  }
  return null;
}
