/** A stretch of time in which instances wrote the uses of keys. */
export interface ObservedStretch {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The most that two records of one stretch may be apart, in milliseconds. Uses are written every hour at least. */
export const MAX_OBSERVATION_GAP_MS = 7_200_000;

/**
 * The instant since when uses were observed for this long in total, up to now. Time in which nobody wrote uses does not
 * count: the service was down, a backup was restored, or a clock jumped.
 *
 * @param durationMs - in milliseconds
 * @returns null if they were observed for a shorter time
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
