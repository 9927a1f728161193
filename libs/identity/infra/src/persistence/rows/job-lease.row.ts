import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from '../dialect.js';

/** A row of `job_leases`. */
export class JobLeaseRow {
  name!: string;
  holder!: string;
  heldUntil!: Date;
}

/** How `JobLeaseRow` is stored. */
export function jobLeaseSchema(types: ColumnTypes): EntitySchema<JobLeaseRow> {
  return new EntitySchema<JobLeaseRow>({
    name: 'JobLeaseRow',
    target: JobLeaseRow,
    tableName: 'job_leases',
    columns: {
      name: { type: 'text', primary: true },
      holder: { type: 'text' },
      heldUntil: { type: types.instant, name: 'held_until' },
    },
  });
}
