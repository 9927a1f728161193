import type { DataSource } from 'typeorm';
import { DatabaseNotReadyError } from './database-not-ready-error.js';
import { adviceOn, isPostgresDamaged, translateStorageError } from './storage-error.js';

const damages = new WeakMap<DataSource, string>();

/**
 * As `translateStorageError`, and remembers of a PostgreSQL database that it is damaged: that does not heal while it is in
 * use. `SqliteHealth` remembers it of a SQLite file.
 */
export function storageFailure(dataSource: DataSource, error: unknown): unknown {
  if (isPostgresDamaged(error)) damages.set(dataSource, adviceOn(error) ?? '');
  return translateStorageError(error);
}

/** @throws `DatabaseNotReadyError` once a statement has met damaged data in this database. */
export function assertUndamaged(dataSource: DataSource): void {
  const damage = damages.get(dataSource);
  if (damage !== undefined) throw new DatabaseNotReadyError(damage);
}
