import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';

/** The databases that the service runs on. */
export const DATABASES = ['sqlite', 'postgres'] as const;

/** One of `DATABASES`. */
export type DatabaseType = (typeof DATABASES)[number];

/** A folder of its own for a test's files; the operating system clears it away. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'feather-identity-'));
}

/** `DATABASE_URL` of an empty database that nothing else uses. PostgreSQL is the server of `tools/test-postgres`. */
export async function emptyDatabase(type: DatabaseType, variables: NodeJS.ProcessEnv): Promise<string> {
  if (type === 'sqlite') return `sqlite:${join(temporaryFolder(), 'identity.db')}`;
  const url = new URL(variables['TEST_POSTGRES_URL'] ?? '');
  const server = await new DataSource({ type, url: url.href, installExtensions: false }).initialize();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await server.query(`CREATE DATABASE ${name}`);
  await server.destroy();
  url.pathname = name;
  return url.href;
}
