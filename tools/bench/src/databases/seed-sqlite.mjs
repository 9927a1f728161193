import { existsSync, renameSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { migrate } from '../ours.mjs';
import { FOUNDATION, KEY_COLUMNS, rowsAt, SECRET_COLUMNS } from './seed-rows.mjs';

/** Makes sure that `path` is a database of ours with `count` keys. */
export async function seedSqlite(path, count, hashed) {
  if (existsSync(path)) return;
  const unfinished = `${path}.unfinished`;
  removeSqlite(unfinished);
  await fillSqlite(unfinished, count, hashed);
  renameSync(unfinished, path);
}

/** Makes the empty database at `path` ours, with `count` keys. */
export async function fillSqlite(path, count, hashed = false) {
  await migrate(`sqlite:${path}`);
  const connection = new Sqlite(path);
  connection.pragma('synchronous = OFF');
  connection.transaction(() => insertRows(connection, count, hashed))();
  // What it says of a few keys would be wrong of those that are made later.
  if (count > 1000) connection.exec('ANALYZE');
  connection.close();
}

/** Removes a database with its log. */
export function removeSqlite(path) {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function insertRows(connection, count, hashed) {
  for (const [table, row] of Object.entries(FOUNDATION)) {
    insert(connection, table, Object.keys(row)).run(Object.values(row));
  }
  const keys = insert(connection, 'api_keys', KEY_COLUMNS);
  const secrets = insert(connection, 'api_key_secrets', SECRET_COLUMNS);
  for (let index = 0; index < count; index += 1) {
    const { key, secret } = rowsAt(index, hashed);
    keys.run(key);
    secrets.run(secret);
  }
}

function insert(connection, table, columns) {
  return connection.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`);
}
