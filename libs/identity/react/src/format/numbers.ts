const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A number in full: `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** A number that fits into a narrow column: `9,999`, and `12.3K` from ten thousand on. */
export function compactCount(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value);
}

/** `1 key`, `2 keys`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A part of a whole as a percentage: `0%`, `<1%`, `42%`. */
export function share(part: number, total: number): string {
  if (total === 0 || part === 0) return '0%';
  const percent = (100 * part) / total;
  return percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}
