import { memo, type ReactElement } from 'react';
import { compactCount } from '../format/numbers.js';

/** One day of a sparkline. */
export interface SparkDay {
  readonly accepted: number;
  readonly refused: number;
}

const HEIGHT = 24;
const SLOT = 4;

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
      {days.map((day, index) => {
        const good = heightOf(day.accepted);
        const bad = heightOf(day.refused);
        const x = index * SLOT + 0.5;
        return good + bad === 0 ? (
          <rect key={index} className="nothing" x={x} y={HEIGHT - 1} width={SLOT - 1} height={1} />
        ) : (
          <g key={index}>
            <rect className="accepted" x={x} y={HEIGHT - good} width={SLOT - 1} height={good} />
            <rect className="refused" x={x} y={Math.max(0, HEIGHT - good - bad)} width={SLOT - 1} height={bad} />
          </g>
        );
      })}
    </svg>
  );
});
