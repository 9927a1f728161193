const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

/** The least round number that is not below `value`, and whose half is a whole number: the top of an axis. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (STEPS.find((step) => step * power >= value && Number.isInteger((step * power) / 2)) ?? 10) * power;
}
