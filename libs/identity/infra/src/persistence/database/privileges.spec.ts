import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { createDataSource } from './data-source.js';
import { assertPrivileges } from './readiness.js';

it('a role needs no grant on the table that the service alone writes, and every other one', async () => {
  const database = await openTestDatabase('postgres');
  const { dataSource, location } = database;
  const role = `host_${randomUUID().replaceAll('-', '')}`;
  await dataSource.query(`CREATE ROLE ${role} LOGIN PASSWORD 'host'`);
  await dataSource.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
  await dataSource.query(`REVOKE ALL ON key_settings FROM ${role}`);
  const url = new URL(location.type === 'postgres' ? location.url : '');
  Object.assign(url, { username: role, password: 'host' });
  const host = await createDataSource({ location: { type: 'postgres', url: url.href }, poolSize: 2 }).initialize();
  await expect(assertPrivileges(host)).resolves.toBeUndefined();
  await dataSource.query(`REVOKE DELETE ON api_key_secrets FROM ${role}`);
  await expect(assertPrivileges(host)).rejects.toThrow('The role may not write to: api_key_secrets (DELETE).');
  await host.destroy();
  await dataSource.query(`DROP OWNED BY ${role}`);
  await dataSource.query(`DROP ROLE ${role}`);
  await database.close();
});
