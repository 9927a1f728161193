import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseLocation } from '../src/persistence/database/database-url.js';

/** The databases that every storage test runs on. */
export const DATABASES = ['sqlite', 'postgres'] as const;

/** One of `DATABASES`. */
export type TestDatabaseType = (typeof DATABASES)[number];

/** A folder of its own for a test's files; it goes with the temporary folder of the Jest run. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'feather-identity-'));
}

/** An empty database that nothing else uses. PostgreSQL is the server of `tools/test-postgres`. */
export async function emptyLocation(type: TestDatabaseType): Promise<DatabaseLocation> {
  if (type === 'sqlite') return { type, path: join(temporaryFolder(), 'identity.db') };
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await queryServer(`CREATE DATABASE ${name}`);
  const url = serverUrl();
  url.pathname = name;
  return { type, url: url.href };
}

/** Runs one statement on the test server's own database. */
export async function queryServer(statement: string): Promise<void> {
  const client = new pg.Client(serverUrl().href);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function serverUrl(): URL {
  return new URL(process.env['TEST_POSTGRES_URL'] ?? '');
}
