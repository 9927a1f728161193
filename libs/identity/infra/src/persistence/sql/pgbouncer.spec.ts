import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { hasPgbouncer, Pgbouncer } from '../../../testing/pgbouncer.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { assertReady } from '../database/readiness.js';

/** More than there are connections, so that each of them is used again. */
const KEYS = 20;

const describeWithPgbouncer = hasPgbouncer() ? describe : describe.skip;

describeWithPgbouncer('a pgbouncer that pools sessions', () => {
  let pgbouncer: Pgbouncer;
  let database: TestDatabase;

  beforeAll(async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    pgbouncer = await Pgbouncer.start(location.url);
    database = await openTestDatabase('postgres', { type: 'postgres', url: pgbouncer.url });
  });
  afterAll(async () => {
    await database.close();
    await pgbouncer.stop();
  });

  it('stands in front of migrations, reads and writes', async () => {
    const organization = aNewOrganization();
    const { owner, apiKey } = organization;
    await database.organizations.insert(organization);
    const created = Array.from({ length: KEYS }, () => aNewApiKey(owner));
    await Promise.all(created.map((each) => database.apiKeys.insert(each, { issuedBy: apiKey, maxKeys: KEYS + 1 })));
    const found = await Promise.all(created.map((each) => database.apiKeys.findCredential(each.secret.keyPrefix)));
    expect(found.map((credential) => credential?.apiKey.id)).toEqual(created.map((each) => each.apiKey.id));
  });

  it('leaves a request the limits of its statements', async () => {
    await expect(database.dataSource.query('SHOW statement_timeout')).resolves.toEqual([{ statement_timeout: '4s' }]);
    await expect(database.dataSource.query('SHOW lock_timeout')).resolves.toEqual([{ lock_timeout: '3s' }]);
  });
});

describeWithPgbouncer('a pgbouncer that pools transactions (D)', () => {
  const refused = {
    name: 'DatabaseNotReadyError',
    message: expect.stringContaining('Set pool_mode = session') as unknown,
  };

  it('is refused at the start, and not ready where it comes later', async () => {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    const first = await Pgbouncer.start(location.url, 'transaction');
    await expect(openTestDatabase('postgres', { type: 'postgres', url: first.url })).rejects.toMatchObject(refused);
    await first.stop();

    const sessions = await Pgbouncer.start(location.url, 'session');
    const database = await openTestDatabase('postgres', { type: 'postgres', url: sessions.url });
    await expect(assertReady(database.dataSource)).resolves.toBeUndefined();
    await sessions.stop();
    const transactions = await Pgbouncer.start(location.url, 'transaction', Number(new URL(sessions.url).port));
    await expect(assertReady(database.dataSource)).rejects.toMatchObject(refused);
    await database.close();
    await transactions.stop();
  });
});
