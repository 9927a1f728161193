import { expect, it } from '@jest/globals';
import { postgresLine } from './postgres-line.js';

it.each([
  ['postgres://fth:s3cret@db:5433/identity', 'postgres://fth@db:5433/identity'],
  ['postgres://fth@db/identity?password=s3cret&sslmode=verify-full', 'postgres://fth@db/identity?sslmode=verify-full'],
  ['postgres://db/identity?ssl=true&uselibpqcompat=true', 'postgres://db/identity?sslmode=require'],
  ["postgres://o'hara@db/identity", String.raw`postgres://o'\''hara@db/identity`],
])('%s is named to libpq as %s', (url, named) => {
  expect(postgresLine('pg_dump', url, 'a b')).toBe(
    `pg_dump --format=custom --no-owner --file='a b' --dbname='${named}'`,
  );
  expect(postgresLine('pg_restore', url, 'a b')).toBe(
    `pg_restore --single-transaction --no-owner --dbname='${named}' 'a b'`,
  );
});
