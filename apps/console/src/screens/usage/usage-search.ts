import type { Granularity } from '@feather-identity/react';
import { oneOf, present, type Raw } from '../../search-params.js';

/** What the page of use shows. */
export interface UsageSearch {
  readonly by?: Granularity;
}

/** Reads the parameters of the page of use. */
export function usageSearch(search: Raw): UsageSearch {
  return present({ by: oneOf(search['by'], ['hour', 'day', 'month'] as const) });
}
