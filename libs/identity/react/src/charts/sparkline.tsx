import { memo, type ReactElement } from 'react';
import { compactCount } from '../format/numbers.js';

/** One day of a sparkline. */
export interface SparkDay {
  readonly accepted: number;
  readonly refused: number;
}

const HEIGHT = 24;
const SLOT = 4;

/** The outline of a bar: a list has 30 of them a row, so they are drawn as one path and not as 30 elements. */
function bar(index: number, bottom: number, height: number): string {
  return height === 0
    ? ''
    : `M${index * SLOT + 0.5} ${bottom.toFixed(1)}h${SLOT - 1}v${(-height).toFixed(1)}h${1 - SLOT}z`;
}

/** Thirty days in the room of a word: accepted requests, and on top of them refused ones. */
export const Sparkline = memo(function Sparkline({ days }: { readonly days: readonly SparkDay[] }): ReactElement {
  const most = Math.max(1, ...days.map(({ accepted, refused }) => accepted + refused));
  // A single refused request among thousands is still seen.
  const heightOf = (value: number): number => (value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT - 2)));
  const accepted = days.reduce((sum, day) => sum + day.accepted, 0);
  const refused = days.reduce((sum, day) => sum + day.refused, 0);
  return (
    <svg
      className="chart spark"
      viewBox={`0 0 ${days.length * SLOT} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Last ${days.length} days: ${compactCount(accepted)} accepted, ${compactCount(refused)} refused`}
    >
      <path
        className="nothing"
        d={days.map((day, index) => (day.accepted + day.refused === 0 ? bar(index, HEIGHT, 1) : '')).join('')}
      />
      <path className="accepted" d={days.map((day, index) => bar(index, HEIGHT, heightOf(day.accepted))).join('')} />
      <path
        className="refused"
        d={days.map((day, index) => bar(index, HEIGHT - heightOf(day.accepted), heightOf(day.refused))).join('')}
      />
    </svg>
  );
});
