import { aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { openHostDatabase } from '../../../testing/open-host-database.js';

describe('a row of PostgreSQL whose instants the application parses in its own way', () => {
  it('is no credential: its end would be compared with something else than a time', async () => {
    const types = { getTypeParser: () => (text: string) => text };
    const database = await openHostDatabase({
      type: 'postgres',
      naming: {},
      ownTables: false,
      options: { extra: { types } },
    });
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    await expect(database.apiKeys.findCredential(stored.apiKey.keyPrefix)).rejects.toThrow('timestamptz');
    await database.close();
  });
});
