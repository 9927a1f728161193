import { resolve } from 'node:path';
import type { DatabaseLocation } from '@feather-identity/infra';

/** A database without its user and password: an absolute path, or `postgres://HOST:PORT/DATABASE`. */
export function databaseName(location: DatabaseLocation): string {
  if (location.type === 'sqlite') return resolve(location.path);
  const { hostname, port, pathname, searchParams } = new URL(location.url);
  const host = hostname === '' ? (searchParams.get('host') ?? 'localhost') : hostname;
  return `postgres://${host}:${port === '' ? (searchParams.get('port') ?? '5432') : port}${pathname}`;
}
