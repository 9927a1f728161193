import { aNewOrganization, anId } from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

describe.each(DATABASES)('rotations that the version before has written to %s', (type) => {
  const stored = aNewOrganization();
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase(type);
    await database.organizations.insert(stored);
  });
  afterAll(() => database.close());

  it('are found by the public part of their secrets, which rotations have removed since', async () => {
    await insertRotation(
      database,
      stored,
      JSON.stringify({ key_prefix: 'fth_live_aB3xY9zQ', grace_period_seconds: 0 }),
    );
    const { id, organizationId } = stored.apiKey;
    expect(await database.apiKeys.findByKeyPrefix(null, 'fth_live_aB3xY9zQ')).toEqual([{ id, organizationId }]);
  });

  it('may have been damaged by hand, which fails neither their row nor a search', async () => {
    await insertRotation(database, stored, '{"key_prefix":"fth_live_damaged1"');
    await insertRotation(database, stored, 'damaged');
    await insertRotation(database, stored, '');
    expect(await database.apiKeys.findByKeyPrefix(null, 'fth_live_another1')).toEqual([]);
  });
});

/** A row without the columns that the version before does not know. */
async function insertRotation(database: TestDatabase, { apiKey }: NewOrganization, changes: string): Promise<void> {
  const { statements } = database.storage;
  const parameters = statements.parameters();
  const values = [
    parameters.mark(apiKey.organizationId, 'uuid'),
    parameters.mark(anId(), 'uuid'),
    parameters.mark(new Date(), 'timestamptz'),
    parameters.mark(apiKey.id, 'uuid'),
    parameters.mark(changes, 'text'),
  ];
  const text =
    `INSERT INTO ${statements.tables.auditEvents} (organization_id, id, occurred_at, api_key_id, changes, type, actor_type) ` +
    `SELECT ${values.join(', ')}, 'api_key.rotated', 'operator'`;
  await database.storage.write('renewProofs', function* () {
    yield { text, values: parameters.values };
  });
}
