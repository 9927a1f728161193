import { aNewOrganization } from '@feather-identity/core/testing';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { emptyLocation } from '../../../testing/test-location.js';

const REFUSED = 'client_connection_check_interval must be set to 0 on this platform.';

/** As PostgreSQL 14 and later are where the operating system does not tell that a client has gone. */
const ON_WINDOWS = [
  'CREATE SCHEMA windows',
  "CREATE FUNCTION windows.version() RETURNS text LANGUAGE sql AS $$ SELECT 'PostgreSQL 17.2 on x86_64-windows' $$",
  'CREATE FUNCTION windows.set_config(name text, value text, is_local boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN ' +
    `IF name = 'client_connection_check_interval' THEN RAISE '${REFUSED}' USING ERRCODE = '22023'; END IF; ` +
    'RETURN pg_catalog.set_config(name, value, is_local); END $$',
];

it('PostgreSQL on another system than Linux works, though it refuses one of the settings of a connection', async () => {
  const location = await emptyLocation('postgres');
  if (location.type !== 'postgres') throw new Error('not PostgreSQL');
  const client = new pg.Client(location.url);
  await client.connect();
  for (const statement of ON_WINDOWS) await client.query(statement);
  const name = new URL(location.url).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET search_path = public, windows, pg_catalog`);
  await client.end();
  const database = await openTestDatabase('postgres', location);
  const [settings] = await database.storage.read({
    text: "SELECT current_setting('client_connection_check_interval') AS check, current_setting('lock_timeout') AS lock",
    values: [],
  });
  await database.organizations.insert(aNewOrganization());
  await database.close();
  expect(settings).toEqual({ check: '0', lock: '3s' });
});

it('PostgreSQL on Linux stops the statements of clients that have gone', async () => {
  const database = await openTestDatabase('postgres');
  const [settings] = await database.storage.read({ text: 'SHOW client_connection_check_interval', values: [] });
  await database.close();
  expect(settings).toEqual({ client_connection_check_interval: '1s' });
});
