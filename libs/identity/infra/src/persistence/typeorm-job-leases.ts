import { JobLeases } from '@feather-identity/core';
import { dialectOf } from './dialect.js';
import { SqlParameters } from './sql-parameters.js';
import type { Storage } from './storage.js';

/** Leases in SQLite or PostgreSQL: one row for each job. */
export class TypeOrmJobLeases extends JobLeases {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean> {
    const parameters = new SqlParameters(dialectOf(this.storage.dataSource.options.type));
    const values = [
      parameters.mark(job, 'text'),
      parameters.mark(holder, 'text'),
      parameters.mark(until, 'timestamptz'),
    ];
    const statement =
      `INSERT INTO job_leases (name, holder, held_until) VALUES (${values.join(', ')}) ` +
      'ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until ' +
      `WHERE job_leases.holder = excluded.holder OR job_leases.held_until <= ${parameters.mark(now, 'timestamptz')} ` +
      'RETURNING name';
    const rows = await this.storage.write((manager) => manager.query<unknown[]>(statement, parameters.values));
    return rows.length === 1;
  }
}
