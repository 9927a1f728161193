import { describe, expect, it } from '@jest/globals';
import { aNewOrganization, anId } from '../testing/builders.js';
import { InMemoryIdentity } from '../testing/in-memory-identity.js';
import { ListApiKeys } from './list-api-keys.js';
import { RevokeApiKey } from './revoke-api-key.js';

async function twoOrganizations() {
  const identity = new InMemoryIdentity();
  const [mine, theirs] = [aNewOrganization(), aNewOrganization()];
  await identity.organizations.insert(mine);
  await identity.organizations.insert(theirs);
  return { identity, mine, theirs, revokeApiKey: new RevokeApiKey(identity.apiKeys, identity.clock) };
}

describe('revoking a key', () => {
  it('marks it with the present instant, and the list shows it no more', async () => {
    const { identity, mine, revokeApiKey } = await twoOrganizations();
    await revokeApiKey.execute(mine.organization.id, mine.apiKey.id);
    expect(identity.store.apiKeys.get(mine.apiKey.id)?.revokedAt).toEqual(identity.clock.now());
    await expect(new ListApiKeys(identity.apiKeys).execute(mine.organization.id)).resolves.toEqual([]);
  });

  it("tells an unknown id, another organization's key and a revoked key apart in nothing (AZ1)", async () => {
    const { identity, mine, theirs, revokeApiKey } = await twoOrganizations();
    await revokeApiKey.execute(mine.organization.id, mine.apiKey.id);
    for (const id of [anId(), theirs.apiKey.id, mine.apiKey.id]) {
      const outcome = revokeApiKey.execute(mine.organization.id, id);
      await expect(outcome).rejects.toMatchObject({ code: 'api_key.not_found', message: 'No such API key.' });
    }
    expect(identity.store.apiKeys.get(theirs.apiKey.id)).toEqual(theirs.apiKey);
  });

  it('succeeds once of 16 times at once (RV10)', async () => {
    const { mine, revokeApiKey } = await twoOrganizations();
    const attempts = Array.from({ length: 16 }, () => revokeApiKey.execute(mine.organization.id, mine.apiKey.id));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });
});
