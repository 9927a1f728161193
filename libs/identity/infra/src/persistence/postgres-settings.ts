import type { DataSource } from 'typeorm';

/** Settings without which a committed row may be lost (https://www.postgresql.org/docs/current/wal-reliability.html). */
const DURABILITY = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** Thrown when the server may lose an acknowledged write. The message names the settings. */
export class NonDurableDatabaseError extends Error {
  override readonly name = 'NonDurableDatabaseError';
}

/** Throws `NonDurableDatabaseError` when the server answers a commit before it is safe on disk. */
export async function assertPostgresSettings(dataSource: DataSource): Promise<void> {
  const off: string[] = [];
  for (const setting of DURABILITY) {
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`SHOW ${setting}`);
    if (row?.[setting] === 'off') off.push(setting);
  }
  if (off.length > 0) {
    throw new NonDurableDatabaseError(
      `PostgreSQL runs with ${off.join(', ')} off, so keys could be lost after they were handed out.`,
    );
  }
}
