import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { compactCount, count } from '../format/numbers.js';
import { niceCeiling } from './scale.js';

/** One bar: what stands below it, what it is called in full, and its two parts. */
export interface Bar {
  readonly label: string;
  readonly title: string;
  readonly accepted: number;
  readonly refused: number;
  /** Further lines on hover. */
  readonly details?: string;
}

const TOP = 8;
const BOTTOM = 22;
const LEFT = 40;
const LABEL_WIDTH = 58;

/** Bars of accepted and refused requests, drawn in the width that there is. Arrow keys go from bar to bar. */
export function BarChart({
  bars,
  label,
  height = 200,
  labelStep = 1,
}: {
  readonly bars: readonly Bar[];
  readonly label: string;
  readonly height?: number;
  /** Only bars at multiples of it are labelled, counted from the first one. */
  readonly labelStep?: number;
}): ReactElement {
  const ref = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(0);
  const [active, setActive] = useState(bars.length - 1);

  useLayoutEffect(() => {
    const svg = ref.current;
    if (svg === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(svg.clientWidth));
    setWidth(svg.clientWidth);
    observer.observe(svg);
    return () => observer.disconnect();
  }, []);

  const top = niceCeiling(Math.max(1, ...bars.map(({ accepted, refused }) => accepted + refused)));
  const inner = height - TOP - BOTTOM;
  const y = (value: number): number => TOP + inner * (1 - value / top);
  const slot = Math.max(0, width - LEFT) / Math.max(1, bars.length);
  const thick = Math.max(1, Math.min(28, slot * 0.72));
  const every = labelStep * Math.max(1, Math.ceil(LABEL_WIDTH / Math.max(1, slot * labelStep)));
  const ticks = top === 1 ? [0, 1] : [0, top / 2, top];
  const focused = Math.min(active, bars.length - 1);

  const move = (to: number): void => {
    const next = Math.min(Math.max(0, to), bars.length - 1);
    setActive(next);
    ref.current?.querySelector<SVGGElement>(`[data-bar="${next}"]`)?.focus();
  };

  return (
    <svg
      ref={ref}
      className="chart"
      height={height}
      role="group"
      aria-label={label}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        move(focused + step);
      }}
    >
      {ticks.map((tick) => (
        <g key={tick} aria-hidden="true">
          <line className="grid" x1={LEFT} x2={Math.max(LEFT, width)} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {compactCount(tick)}
          </text>
        </g>
      ))}
      {width === 0
        ? null
        : bars.map((bar, index) => {
            const x = LEFT + index * slot + (slot - thick) / 2;
            const good = bar.accepted === 0 ? 0 : Math.max(1, inner * (bar.accepted / top));
            const bad = bar.refused === 0 ? 0 : Math.max(2, inner * (bar.refused / top));
            const said = `${bar.title}\n${count(bar.accepted)} accepted, ${count(bar.refused)} refused`;
            return (
              <g
                key={bar.title}
                data-bar={index}
                data-tip={bar.details === undefined ? said : `${said}\n${bar.details}`}
                role="img"
                aria-label={said.replace('\n', ': ')}
                tabIndex={index === focused ? 0 : -1}
              >
                <rect className="slot" x={LEFT + index * slot} y={TOP} width={slot} height={inner} />
                <rect
                  className="accepted"
                  x={x}
                  y={TOP + inner - good}
                  width={thick}
                  height={good}
                  rx={Math.min(2, thick / 4)}
                />
                {bad === 0 ? null : (
                  <rect
                    className="refused"
                    x={x}
                    y={TOP + inner - good - bad}
                    width={thick}
                    height={bad}
                    rx={Math.min(2, thick / 4)}
                  />
                )}
                {index % every === 0 ? (
                  <text x={LEFT + index * slot + slot / 2} y={height - 5} textAnchor="middle" aria-hidden="true">
                    {bar.label}
                  </text>
                ) : null}
              </g>
            );
          })}
    </svg>
  );
}

/** What the two colours of a chart mean. */
export function ChartLegend({
  accepted,
  refused,
}: {
  readonly accepted: number;
  readonly refused: number;
}): ReactElement {
  return (
    <div className="legend numeric">
      <span>{count(accepted)} accepted</span>
      <span data-series="refused">{count(refused)} refused</span>
    </div>
  );
}
