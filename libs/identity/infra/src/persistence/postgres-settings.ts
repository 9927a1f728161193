import type { DataSource } from 'typeorm';
import { NonDurableDatabaseError } from './non-durable-database-error.js';

/** Settings without which a committed row may be lost (https://www.postgresql.org/docs/current/wal-reliability.html). */
const DURABILITY = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** Throws `NonDurableDatabaseError` when the server answers a commit before it is safe on disk. */
export async function assertPostgresSettings(dataSource: DataSource): Promise<void> {
  const off: string[] = [];
  for (const setting of DURABILITY) {
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`SHOW ${setting}`);
    if (row?.[setting] === 'off') off.push(setting);
  }
  if (off.length > 0) {
    throw new NonDurableDatabaseError('PostgreSQL', `${off.join(', ')} off`);
  }
}
