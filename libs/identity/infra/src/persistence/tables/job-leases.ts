import { JobLeases } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { Storage } from '../sql/storage.js';
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

/** Leases in SQLite or PostgreSQL: one row for each job. */
export class TypeOrmJobLeases extends JobLeases {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean> {
    const { statements } = this.storage;
    // A later end can only come from a wrong clock.
    const believed = new Date(until.getTime() + (until.getTime() - now.getTime()));
    const parameters = statements.parameters();
    const row = [parameters.mark(job, 'text'), parameters.mark(holder, 'text'), parameters.mark(until, 'timestamptz')];
    const text =
      `INSERT INTO ${statements.tables.jobLeases} AS lease (name, holder, held_until) VALUES (${row.join(', ')}) ` +
      'ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until ' +
      `WHERE lease.holder = excluded.holder OR lease.held_until <= ${parameters.mark(now, 'timestamptz')} ` +
      `OR lease.held_until > ${parameters.mark(believed, 'timestamptz')} RETURNING name`;
    const { values } = parameters;
    return this.storage.write('leaseJob', function* () {
      return (yield { text, values }).length === 1;
    });
  }
}
