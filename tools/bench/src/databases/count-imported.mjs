import Sqlite from 'better-sqlite3';
import pg from 'pg';

const COUNT =
  'SELECT count(*) AS "rows", count(DISTINCT lookup) AS "keys" FROM api_key_secrets WHERE lookup IS NOT NULL';

/** How many imported secrets a database of ours has, and how many different keys they are of. */
export async function countImported(database, location) {
  const { rows, keys } = database === 'postgres' ? await countOnPostgres(location) : countOnSqlite(location);
  return { rows: Number(rows), keys: Number(keys) };
}

async function countOnPostgres(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(COUNT)).rows[0];
  } finally {
    await client.end();
  }
}

function countOnSqlite(path) {
  const connection = new Sqlite(path, { readonly: true });
  try {
    return connection.prepare(COUNT).get();
  } finally {
    connection.close();
  }
}
