import type { Granularity } from '@feather-identity/react';
import { oneOf, present, type Raw } from '../../search-params.js';

/** What the page of a key shows of its use. */
export interface KeySearch {
  readonly by?: Granularity;
}

/** Reads the parameters of the page of a key. */
export function keySearch(search: Raw): KeySearch {
  return present({ by: oneOf(search['by'], ['hour', 'day', 'month'] as const) });
}
