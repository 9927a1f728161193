import { Identity, type KeyUser } from '@feather-identity/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { openHostDatabase } from '../../testing/open-host-database.js';
import type { TestDatabase } from '../../testing/open-test-database.js';
import { DATABASES } from '../../testing/test-location.js';
import { generatePepper } from '../crypto/pepper-ring.js';
import { createTypeOrmIdentity, type TypeOrmIdentity } from '../typeorm-identity.js';

const AT_ONCE = 20;
const AT_ONCE_MS = 1000;
const SCOPES = ['orders:read'];
const ADA: KeyUser = { externalId: 'user_ada', email: 'ada@example.com', name: 'Ada' };

describe.each(DATABASES)("an application's users and its transactions on %s", (type) => {
  let database: TestDatabase;
  let identity: TypeOrmIdentity;
  let verify: (token: string) => Promise<unknown>;

  beforeEach(async () => {
    database = await openHostDatabase({ type, naming: { tablePrefix: 'auth_' } });
    await database.dataSource.query('CREATE TABLE customers (id integer PRIMARY KEY, name text)');
    identity = createTypeOrmIdentity({
      dataSource: database.dataSource,
      keyNamespace: 'acme',
      peppers: generatePepper(1),
      secretScheme: 'hmac-sha256',
    });
    const { verifyApiKey } = new Identity(identity, identity);
    verify = (token) => verifyApiKey.execute(token);
  });
  afterEach(() => database.close());

  const createOrganization = async () => (await identity.hostOrganizations.create({ name: 'Acme' })).organization.id;
  const issue = (organizationId: string, user = ADA, apiKeys = identity.hostApiKeys) =>
    apiKeys.issue({ organizationId, user, name: 'CI', scopes: SCOPES });
  const addCustomer = (manager: EntityManager, id = 1) => manager.query(`INSERT INTO customers (id) VALUES (${id})`);
  const countCustomers = async () => {
    const [row] = await database.dataSource.query<{ count: string }[]>('SELECT count(*) AS count FROM customers');
    return Number(row?.count);
  };
  const signUp = async (manager: EntityManager) => {
    await addCustomer(manager);
    const { organization } = await identity.hostOrganizations.within(manager).create({ name: 'Shop', owner: ADA });
    return issue(organization.id, ADA, identity.hostApiKeys.within(manager));
  };

  it('make one member, however many first keys are issued at once', async () => {
    const organizationId = await createOrganization();
    const issued = await Promise.all(Array.from({ length: AT_ONCE }, () => issue(organizationId)));
    expect(new Set(issued.map(({ apiKey }) => apiKey.memberId)).size).toBe(1);
    const { items } = await identity.hostOrganizations.members.list(organizationId);
    expect(items.map(({ externalId }) => externalId)).toEqual([ADA.externalId, 'owner']);
    const keys = await identity.hostApiKeys.list({ organizationId, user: ADA.externalId });
    expect(keys.items).toHaveLength(AT_ONCE);
    expect(keys.items[0]).toMatchObject({ createdBy: { type: 'member', id: issued[0]?.apiKey.memberId } });
  });

  it('know nothing by an id that is no UUID', async () => {
    const organizationId = await createOrganization();
    const refused = { code: 'api_key.not_found' };
    await expect(identity.hostApiKeys.revoke({ organizationId, id: 'x' })).rejects.toMatchObject(refused);
    await expect(issue('x')).rejects.toMatchObject({ code: 'organization.not_found' });
    const { members } = identity.hostOrganizations;
    await expect(members.remove(organizationId, 'a\0b')).resolves.toBe(false);
  });

  it('commit with the transaction, and a key is valid from then on', async () => {
    const { token, apiKey } = await database.dataSource.transaction(signUp);
    await verify(token);
    expect(await countCustomers()).toBe(1);
    const { organizationId } = apiKey;
    expect((await identity.hostApiKeys.list({ organizationId })).items).toHaveLength(1);
    expect(await identity.auditLog.list(organizationId, { limit: 9 })).toHaveLength(2);
    const access = { organizationId, user: ADA.externalId, id: apiKey.id };
    await database.dataSource.transaction((manager) => identity.hostApiKeys.within(manager).revoke(access));
    await expect(verify(token)).rejects.toMatchObject({ code: 'authentication.required' });
  });

  it('leave nothing behind when the transaction is rolled back, and no row in memory', async () => {
    const organizationId = await createOrganization();
    const kept = await issue(organizationId);
    await verify(kept.token);
    let lost = '';
    const rolledBack = database.dataSource.transaction(async (manager) => {
      ({ token: lost } = await signUp(manager));
      const access = { organizationId, user: ADA.externalId, id: kept.apiKey.id };
      await identity.hostApiKeys.within(manager).revoke(access);
      await verify(lost).catch(() => undefined);
      await verify(kept.token).catch(() => undefined);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await expect(verify(lost)).rejects.toMatchObject({ code: 'authentication.required' });
    await verify(kept.token);
    expect(await countCustomers()).toBe(0);
    expect(await identity.listOrganizations.execute()).toHaveLength(1);
    expect((await identity.hostOrganizations.members.list(organizationId)).items).toHaveLength(2);
  });

  it('go on in the transaction after a refusal, which undoes itself alone', async () => {
    const organizationId = await createOrganization();
    await database.dataSource.transaction(async (manager) => {
      const apiKeys = identity.hostApiKeys.within(manager);
      await addCustomer(manager);
      const outcomes = await Promise.allSettled([
        issue(organizationId, ADA, apiKeys),
        issue(organizationId, ADA, apiKeys),
        issue(organizationId, { externalId: '' }, apiKeys),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      await addCustomer(manager, 2);
    });
    expect(await countCustomers()).toBe(2);
    expect((await identity.hostApiKeys.list({ organizationId })).items).toHaveLength(2);
  });

  it('make one member in two transactions at once', async () => {
    // TypeORM has one connection to SQLite, and so one transaction at a time.
    if (type === 'sqlite') return;
    const organizationId = await createOrganization();
    const inTransaction = () =>
      database.dataSource.transaction((manager) => issue(organizationId, ADA, identity.hostApiKeys.within(manager)));
    const issued = await Promise.all([inTransaction(), inTransaction()]);
    expect(issued[0].apiKey.memberId).toBe(issued[1].apiKey.memberId);
    await Promise.all(issued.map(({ token }) => verify(token)));
  });

  it('take part in open transactions of their own data source alone', async () => {
    const { dataSource } = database;
    expect(() => identity.hostApiKeys.within(dataSource.manager)).toThrow(TypeError);
    expect(() => identity.hostApiKeys.within({})).toThrow(TypeError);
    const runner = dataSource.createQueryRunner();
    expect(() => identity.hostApiKeys.within(runner.manager)).toThrow('not open');
    await runner.startTransaction();
    const apiKeys = identity.hostApiKeys.within(runner.manager);
    await runner.rollbackTransaction();
    await expect(issue(await createOrganization(), ADA, apiKeys)).rejects.toThrow('not open');
    await runner.release();
  });

  it('are told at once where a write outside of the transaction would wait for it', async () => {
    if (type !== 'sqlite') return;
    const organizationId = await createOrganization();
    const started = performance.now();
    await database.dataSource.transaction(async (manager) => {
      await addCustomer(manager);
      await expect(issue(organizationId)).rejects.toThrow('within(manager)');
      await Promise.resolve();
      await expect(createOrganization()).rejects.toThrow('within(manager)');
    });
    expect(performance.now() - started).toBeLessThan(AT_ONCE_MS);
    expect(await countCustomers()).toBe(1);
    await issue(organizationId);
  });
});
