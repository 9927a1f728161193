import { expect, it } from '@jest/globals';
import { anId } from '../../testing/builders.js';
import { Tenant } from '../../testing/tenant.js';

it('a key is found by its organization, whatever its state, with its secrets', async () => {
  const tenant = await Tenant.create();
  const { identity, organization } = tenant;
  const { apiKey } = await tenant.issue({ expiresAt: tenant.in(1) });
  const at = tenant.in(0);
  const stored = apiKey.with({ disabledAt: at, revokedAt: at });
  identity.store.apiKeys.set(apiKey.id, stored);
  identity.clock.advance(1);
  const { apiKey: found, secrets } = await identity.findApiKey.execute(organization.id, apiKey.id);
  expect(found).toEqual(stored);
  expect(secrets).toMatchObject([{ apiKeyId: apiKey.id, keyPrefix: apiKey.keyPrefix }]);
});

it("an unknown key and another organization's are told apart in nothing (AZ1)", async () => {
  const mine = await Tenant.create();
  const theirs = await Tenant.create(mine.identity);
  const findApiKey = mine.identity.findApiKey;
  for (const id of [anId(), '', theirs.owner.apiKey.id]) {
    const outcome = findApiKey.execute(mine.organization.id, id);
    await expect(outcome).rejects.toMatchObject({ code: 'api_key.not_found', message: 'No such API key.' });
  }
});
