import { aMember, anAuditEvent, aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';
import { DATABASES } from '../../testing/test-location.js';

describe.each(DATABASES)('uses of quotas on %s', (type) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(type);
  });
  afterAll(() => database.close());

  it('that are written after their key was deleted leave no row', async () => {
    const { organizations, members, apiKeys, quotaUses, dataSource } = database;
    const created = aNewOrganization();
    await organizations.insert(created);
    const organizationId = created.organization.id;
    const member = aMember({ organizationId });
    const event = () => anAuditEvent({ organizationId });
    await members.insert({ member, event: event() });
    const { apiKey, ...rest } = aNewApiKey(member);
    await apiKeys.insert({ apiKey, ...rest });
    const use = (apiKeyId: string) => ({ apiKeyId, period: 'day', startsAt: new Date(0), used: 3 }) as const;
    expect(await quotaUses.add([use(apiKey.id)])).toEqual([3]);
    await members.remove(organizationId, member.id, event, () => ({ eventOf: event }));
    expect(await quotaUses.add([use(apiKey.id), use(created.apiKey.id)])).toEqual([null, 3]);
    const rows = await dataSource.query<unknown[]>('SELECT api_key_id FROM api_key_quotas');
    expect(rows).toEqual([{ api_key_id: created.apiKey.id }]);
  });
});
