import pg from 'pg';
import { migrate } from '../ours.mjs';
import { FOUNDATION, KEY_COLUMNS, rowsAt, SECRET_COLUMNS } from './seed-rows.mjs';

const BATCH = 10_000;
const KEY_TYPES = [
  ...['uuid', 'uuid', 'uuid', 'text', 'text', 'text', 'boolean', 'timestamptz', 'timestamptz', 'integer'],
  ...['integer', 'integer', 'bigint', 'text', 'text'],
];
const SECRET_TYPES = ['uuid', 'uuid', 'text', 'text', 'text', 'timestamptz'];

/** Makes sure that a database of ours with `count` keys has this name on the server, and resolves with its URL. */
export async function seedPostgres(server, name, count, hashed) {
  const url = databaseUrl(server, name);
  if (await exists(server, name)) return url;
  const unfinished = `${name}_unfinished`;
  const unfinishedUrl = await emptyPostgres(server, unfinished);
  await fillPostgres(unfinishedUrl, count, hashed);
  await connected(server, (client) => client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`));
  return url;
}

/** Makes an empty database ours, with `count` keys. */
export async function fillPostgres(url, count, hashed = false) {
  await migrate(url);
  await connected(url, (client) => insertRows(client, count, hashed));
}

/** An empty database of this name; whatever had the name is gone. */
export async function emptyPostgres(server, name) {
  await connected(server, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
  });
  return databaseUrl(server, name);
}

function exists(server, name) {
  return connected(server, async (client) => {
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    return rows.length > 0;
  });
}

function databaseUrl(server, name) {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function connected(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function insertRows(client, count, hashed) {
  for (const [table, row] of Object.entries(FOUNDATION)) {
    const places = Object.keys(row).map((_, at) => `$${at + 1}`);
    await client.query(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${places})`, Object.values(row));
  }
  for (let start = 0; start < count; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - start) }, (_, at) => rowsAt(start + at, hashed));
    await insert(
      client,
      'api_keys',
      KEY_COLUMNS,
      KEY_TYPES,
      rows.map(({ key }) => key),
    );
    await insert(
      client,
      'api_key_secrets',
      SECRET_COLUMNS,
      SECRET_TYPES,
      rows.map(({ secret }) => secret),
    );
  }
  await client.query('VACUUM ANALYZE');
}

function insert(client, table, columns, types, rows) {
  const arrays = types.map((type, at) => `$${at + 1}::${type}[]`);
  const values = columns.map((_, at) => rows.map((row) => row[at]));
  return client.query(`INSERT INTO ${table} (${columns}) SELECT * FROM unnest(${arrays})`, values);
}
