import { DataSource } from 'typeorm';

/** Ends an outage. */
type End = () => Promise<void>;

/** Lets another process lock a SQLite database for good: readers as well, which WAL would let through. */
export async function interruptSqlite(dataSource: DataSource): Promise<End> {
  await dataSource.query('PRAGMA journal_mode = DELETE');
  const database = String(dataSource.options.database);
  const other = await new DataSource({ type: 'better-sqlite3', database }).initialize();
  await other.query('BEGIN EXCLUSIVE');
  return async () => {
    await other.query('COMMIT');
    await other.destroy();
    await dataSource.query('PRAGMA journal_mode = WAL');
  };
}

/** Closes a database of PostgreSQL for everyone, as its administrator would for maintenance. */
export async function interruptPostgres(url: string, variables: NodeJS.ProcessEnv): Promise<End> {
  const name = new URL(url).pathname.slice(1);
  await asAdministrator(variables, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await asAdministrator(variables, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  return () => asAdministrator(variables, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
}

async function asAdministrator(variables: NodeJS.ProcessEnv, statement: string): Promise<void> {
  const url = variables['TEST_POSTGRES_URL'] ?? '';
  const server = await new DataSource({ type: 'postgres', url, installExtensions: false }).initialize();
  try {
    await server.query(statement);
  } finally {
    await server.destroy();
  }
}
