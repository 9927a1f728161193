import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `job_leases`. */
export class JobLeaseRow {
  name!: string;
  holder!: string;
  heldUntil!: Date;
}

/** How `JobLeaseRow` is stored. */
export function jobLeaseSchema({ types, placedIn }: TableOptions): EntitySchema<JobLeaseRow> {
  return new EntitySchema<JobLeaseRow>({
    name: 'JobLeaseRow',
    target: JobLeaseRow,
    ...placedIn('job_leases'),
    columns: {
      name: { type: 'text', name: 'name', primary: true },
      holder: { type: 'text', name: 'holder' },
      heldUntil: { type: types.instant, name: 'held_until' },
    },
  });
}
