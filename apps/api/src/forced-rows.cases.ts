import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES, type DatabaseType } from '../testing/databases.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';

const ZERO = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = '0198ffff-0000-7000-8000-000000000001';

/** PostgreSQL's type uuid takes no empty text, not even by force. */
const ORGANIZATIONS: Record<DatabaseType, string[]> = { sqlite: ['', ZERO, UNKNOWN], postgres: [ZERO, UNKNOWN] };

describe.each(DATABASES)('a key on %s whose organization is not its own (AZ7)', (type) => {
  let service: Service;
  let ours: Tenant;
  let theirs: Tenant;

  beforeAll(async () => {
    service = await startService(type, process.env);
    ours = await createTenant(service, 'Ours');
    theirs = await createTenant(service, 'Theirs');
  });

  afterAll(() => service.close());

  const move = (id: string, organizationId: string) =>
    `UPDATE api_keys SET organization_id = '${organizationId}' WHERE id = '${id}'`;

  /** Runs a statement that the database would refuse. */
  async function force(statement: string): Promise<void> {
    const { dataSource } = service.identity;
    if (type === 'sqlite') {
      await dataSource.query('PRAGMA foreign_keys = OFF');
      await dataSource.query(statement);
      await dataSource.query('PRAGMA foreign_keys = ON');
      return;
    }
    await dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await manager.query(statement);
    });
  }

  it.each([...ORGANIZATIONS[type], 'NULL', 'theirs'])('cannot be stored: organization %j', async (organization) => {
    const { id } = await created(service, ours.key);
    const value = organization === 'theirs' ? theirs.organization.id : organization;
    const statement = move(id, value).replace("'NULL'", 'NULL');
    await expect(service.identity.dataSource.query(statement)).rejects.toThrow(/foreign key|not.null/i);
  });

  it.each([...ORGANIZATIONS[type], 'theirs'])('is refused and invisible when forced in: %j', async (organization) => {
    const { id, plain_text_key: key } = await created(service, ours.key);
    expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
    await force(move(id, organization === 'theirs' ? theirs.organization.id : organization));
    expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(401);
    for (const tenant of [ours, theirs]) {
      const listed = await send(service, 'GET', KEYS, { key: tenant.key });
      expect(listed.status).toBe(200);
      expect(listed.text).not.toContain(id);
    }
  });
});
