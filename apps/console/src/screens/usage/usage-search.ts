import type { Granularity } from '@feather-identity/react';
import { oneOf, present, text, type Raw } from '../../search-params.js';
import { SPANS, type Span } from './span.js';

/** After how many days without use the page calls a key unused. */
export const UNUSED_DAYS = [7, 30, 90, 180] as const;

/** What the page of use shows. */
export interface UsageSearch {
  readonly span?: Span;
  readonly by?: Granularity;
  /** The id of one key. */
  readonly key?: string;
  readonly unused?: (typeof UNUSED_DAYS)[number];
}

/** Reads the parameters of the page of use. */
export function usageSearch(search: Raw): UsageSearch {
  return present({
    span: oneOf(search['span'], Object.keys(SPANS) as Span[]),
    by: oneOf(search['by'], ['hour', 'day', 'month'] as const),
    key: text(search['key'], 36),
    unused: UNUSED_DAYS.find((days) => days === Number(search['unused'])),
  });
}
