import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createOrganization } from './support/command-line.js';
import { Installation } from './support/installation.js';

describe('a command whose database cannot be used', () => {
  it('says what to do about an address where no PostgreSQL is', async () => {
    const installation = await Installation.create('sqlite');
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const addresses = [
        ['127.0.0.1:1', 'Nothing listens at its host and port: start PostgreSQL, or correct them. (ECONNREFUSED)'],
        [`127.0.0.1:${port}`, 'What listens at its host and port ended the connection: is it PostgreSQL? '],
      ] as const;
      for (const [address, advice] of addresses) {
        const { status, stderr } = await installation.run(['key', 'list'], { DATABASE_URL: `postgres://${address}/d` });
        expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(advice) });
      }
    } finally {
      other.close();
    }
  });

  it('names a damaged file, and so does the doctor', async () => {
    const installation = await Installation.create('sqlite');
    const DATABASE_URL = `sqlite:${await installation.write('damaged.db', 'no database'.repeat(1000))}`;
    const advice = 'The database is damaged: restore the file, then start again. (SQLITE_NOTADB)';
    const { status, stderr } = await installation.run(['key', 'list'], { DATABASE_URL });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(advice) });
    expect((await installation.run(['doctor'], { DATABASE_URL })).stdout).toContain(advice);
  });

  it('says that the role lacks a privilege, and so do the doctor and the start of the service', async () => {
    const installation = await (await Installation.create('postgres')).prepare();
    const acme = await createOrganization(installation, 'Acme');
    const url = new URL(installation.database.settings['DATABASE_URL'] ?? '');
    const role = `reader_${url.pathname.slice(1)}`;
    const { database } = installation;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'`);
    await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    [url.username, url.password] = [role, 'reader'];
    const DATABASE_URL = url.href;
    try {
      expect(await installation.run(['key', 'list', '--json'], { DATABASE_URL })).toMatchObject({ status: 0 });
      expect(await installation.run(['key', 'revoke', '--yes', acme.api_key_id], { DATABASE_URL })).toEqual({
        status: 1,
        stdout: '',
        stderr:
          'The database could not be used. The role lacks a privilege: grant it to read and write the identity ' +
          'tables. (42501)\n',
      });
      const { status, stdout } = await installation.run(['doctor'], { DATABASE_URL });
      expect(status).toBe(1);
      expect(stdout).toMatch(/^problem +database +The role may not write to: .*api_keys/m);
      expect(await installation.startInVain({ DATABASE_URL })).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^The role may not write to: .*api_keys/) as unknown,
      });
    } finally {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  });
});
