import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../../testing/service.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { openServiceDatabase } from './database.js';

const OUTAGE = 12;

describe('a PostgreSQL that refuses the service (D)', () => {
  let administrator: pg.Client;
  let url: URL;
  let name: string;
  let service: Service | undefined;

  beforeEach(async () => {
    url = new URL(await emptyDatabase('postgres', process.env));
    name = url.pathname.slice(1);
    administrator = new pg.Client(process.env['TEST_POSTGRES_URL'] ?? '');
    await administrator.connect();
    await administrator.query(`CREATE ROLE ${name} LOGIN PASSWORD 'service'`);
    await administrator.query(`ALTER DATABASE ${name} OWNER TO ${name}`);
    [url.username, url.password] = [name, 'service'];
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    await administrator.end();
  });

  const inDatabase = async (statement: string) => {
    const owner = new pg.Client(url.href);
    await owner.connect();
    await owner.query(statement);
    await owner.end();
  };
  const endSessions = () =>
    administrator.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);

  it.each<[string, string, () => Promise<unknown>]>([
    [
      '28000',
      'refuses the login',
      async () => {
        await administrator.query(`ALTER ROLE ${name} NOLOGIN`);
        await endSessions();
      },
    ],
    ['3D000', 'no such database', () => administrator.query(`DROP DATABASE ${name} WITH (FORCE)`)],
    ['42501', 'lacks a privilege', () => inDatabase(`REVOKE SELECT ON api_key_secrets FROM ${name}`)],
  ])('by %s is 503 with Retry-After, and a log that says what to do in few lines', async (code, advice, refuse) => {
    const running = await startServiceIn(environment({ DATABASE_URL: url.href }));
    service = running;
    const { key } = await createTenant(running);
    await refuse();
    // The pool finds out first that its connections were ended.
    await send(running, 'GET', WHOAMI, { key });
    for (let request = 0; request < OUTAGE; request += 1) {
      const { status, headers } = await send(running, 'GET', WHOAMI, { key });
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    const errors = running.log.lines.filter(({ level }) => Number(level) >= 50);
    expect(errors.length).toBeLessThanOrEqual(10);
    expect(String(errors.at(-1)?.['stack'])).toMatch(new RegExp(`${advice}.*\\(${code}\\)`));
    if (code === '42501') return;
    expect((await send(running, 'GET', '/readyz')).body).toMatchObject({
      message: expect.stringContaining(`(${code})`) as unknown,
    });
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['no connection left', 'max_connections', () => administrator.query(`ALTER ROLE ${name} CONNECTION LIMIT 0`)],
    ['another password', 'check the user, the password', () => administrator.query(`ALTER ROLE ${name} PASSWORD 'x'`)],
    [
      'reads only',
      'Connect to the primary',
      () => administrator.query(`ALTER ROLE ${name} SET default_transaction_read_only = on`),
    ],
  ])('with %s stops the start with what to do', async (_what, advice, refuse) => {
    await refuse();
    const opened = openServiceDatabase(environment({ DATABASE_URL: url.href }), { migrates: true });
    await expect(opened).rejects.toBeInstanceOf(EnvironmentError);
    await expect(opened).rejects.toThrow(advice);
  });
});
