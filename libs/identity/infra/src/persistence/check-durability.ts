import type { DataSource } from 'typeorm';
import { dialectOf } from './dialect.js';
import { assertPostgresSettings } from './postgres-settings.js';
import { assertSqliteDurability } from './sqlite-settings.js';

/**
 * Throws `NonDurableDatabaseError` where the application's own settings may lose a key that was handed out already. On
 * SQLite `prepareDatabase: setSqlitePragmas` has the right ones; TypeORM's `enableWAL` alone has not.
 */
export async function checkDurability(dataSource: DataSource): Promise<void> {
  if (dialectOf(dataSource.options.type) === 'postgres') await assertPostgresSettings(dataSource);
  else assertSqliteDurability(dataSource);
}
