import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `use_observations`. */
export class UseObservationRow {
  startedAt!: Date;
  endedAt!: Date;
}

/** How `UseObservationRow` is stored. */
export function useObservationSchema({ types, placedIn }: TableOptions): EntitySchema<UseObservationRow> {
  return new EntitySchema<UseObservationRow>({
    name: 'UseObservationRow',
    target: UseObservationRow,
    ...placedIn('use_observations'),
    columns: {
      startedAt: { type: types.instant, name: 'started_at', primary: true },
      endedAt: { type: types.instant, name: 'ended_at' },
    },
  });
}
