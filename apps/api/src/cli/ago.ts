const UNITS = [
  ['s', 1000, 60],
  ['m', 60_000, 60],
  ['h', 3_600_000, 48],
  ['d', 86_400_000, 100],
] as const;

/** An instant as people tell it: `5m ago`, `in 12d`, and further away its date in UTC. */
export function ago(instant: Date, now: Date): string {
  const distance = instant.getTime() - now.getTime();
  for (const [unit, milliseconds, end] of UNITS) {
    const count = Math.floor(Math.abs(distance) / milliseconds);
    if (count < end) return distance > 0 ? `in ${count}${unit}` : `${count}${unit} ago`;
  }
  return instant.toISOString().slice(0, 10);
}
