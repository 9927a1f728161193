import type { ReactElement } from 'react';

/** Strokes on 16 by 16. */
const PATHS = {
  key: 'M9.5 9.5a3.500 3.500 0 1 0-3-3L2 11v3h3v-1.500h1.500V11H8l1.500-1.500ZM11 5h.01',
  chart: 'M2.500 13.500h11M4 11V8M8 11V3.500M12 11V6',
  list: 'M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.01M2.500 8h.01M2.500 12h.01',
  shield: 'M8 14c3.500-1.500 5-3.700 5-7V3.800L8 2 3 3.800V7c0 3.300 1.500 5.500 5 7ZM6 8l1.500 1.500L10.200 6.500',
  screen: 'M2 3.500h12v7.500H2zM6 13.500h4M8 11v2.500',
  building: 'M3 13.500v-11h6v11M9 6.500h4v7M2 13.500h12M5.500 5.500h1M5.500 8h1M5.500 10.500h1M11 9h.01M11 11h.01',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.700 10.700 14 14',
  plus: 'M8 3v10M3 8h10',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  check: 'm3 8.500 3.300 3.300L13 4.800',
  close: 'm4 4 8 8M12 4l-8 8',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  down: 'm4.500 6.500 3.500 3.500 3.500-3.500',
  right: 'm6.500 4.500 3.500 3.500-3.500 3.500',
  left: 'M9.500 4.500 6 8l3.500 3.500',
  warning:
    'M8 6v3.200M8 11.400h.01M7.100 2.600 1.600 12.200a1 1 0 0 0 .9 1.500h11a1 1 0 0 0 .9-1.500L8.900 2.600a1 1 0 0 0-1.800 0Z',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.500v3.300M8 5.300h.01',
  rotate: 'M13.500 8a5.500 5.500 0 0 1-9.900 3.300M2.500 8a5.500 5.500 0 0 1 9.900-3.300M13 2v3h-3M3 14v-3h3',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.200v9.600L12.500 8 5 3.200Z',
  trash: 'M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9M6.700 7.500v3M9.300 7.500v3',
  pencil: 'M3 13l.6-2.800 7.200-7.200a1.200 1.200 0 0 1 1.700 0l.5.500a1.200 1.200 0 0 1 0 1.700L5.800 12.400 3 13Z',
  sun: 'M8 10.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600ZM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M3.400 12.600l.7-.7M11.900 4.100l.7-.7',
  moon: 'M13.500 9.300A5.800 5.800 0 0 1 6.700 2.500a5.800 5.800 0 1 0 6.800 6.800Z',
  signOut: 'M6.500 2.500h-4v11h4M10.500 5 13.500 8l-3 3M13.500 8H6',
  download: 'M8 2.500v7.500M4.800 7 8 10.200 11.200 7M2.500 13.500h11',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.800V8l2.200 1.500',
  filter: 'M2 4h12M4.500 8h7M6.500 12h3',
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A drawing of the size of text; whoever uses it says in words what it means. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
