/** The least of 1, 2, 5, 10, 20, 50, ... that is not below `value`: the top of an axis. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= value && Number.isInteger(each * power));
  return (step ?? 10) * power;
}
