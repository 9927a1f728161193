import { MAX_OBSERVATION_GAP_MS, type ObservedStretch, UseObservations } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { Storage } from '../sql/storage.js';
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

/** Observations in SQLite or PostgreSQL: a row for each stretch. */
export class TypeOrmUseObservations extends UseObservations {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async record(now: Date): Promise<void> {
    const { statements } = this.storage;
    const { useObservations } = statements.tables;
    const prolong = statements.parameters();
    const [at, gap] = [
      prolong.mark(now, 'timestamptz'),
      prolong.mark(new Date(now.getTime() - MAX_OBSERVATION_GAP_MS), 'timestamptz'),
    ];
    const end = `CASE WHEN ended_at < ${at} THEN ${at} ELSE ended_at END`;
    const prolonging =
      `UPDATE ${useObservations} SET ended_at = ${end} WHERE started_at <= ${at} AND ended_at >= ${gap} ` +
      'RETURNING started_at';
    const begin = statements.parameters();
    const start = begin.mark(now, 'timestamptz');
    const beginning =
      `INSERT INTO ${useObservations} (started_at, ended_at) VALUES (${start}, ${start}) ` +
      'ON CONFLICT (started_at) DO NOTHING';
    await this.storage.write('observeUse', function* () {
      const prolonged = yield { text: prolonging, values: prolong.values };
      if (prolonged.length === 0) yield { text: beginning, values: begin.values };
    });
  }

  override async list(): Promise<readonly ObservedStretch[]> {
    const rows = await this.storage.rows(UseObservationRow);
    return rows.map(({ startedAt, endedAt }) => ({ startedAt, endedAt }));
  }
}
