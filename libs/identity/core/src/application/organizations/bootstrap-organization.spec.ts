import { describe, expect, it } from '@jest/globals';
import { aNewOrganization } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';

function installation() {
  const identity = new InMemoryIdentity();
  return { identity, bootstrap: identity.bootstrapOrganization };
}

describe('bootstrapping', () => {
  it('gives an empty installation an organization with an owner and an unrestricted key', async () => {
    const { identity, bootstrap } = installation();
    const { organization, owner, token } = await bootstrap.execute('Acme');
    const caller = await identity.verifyApiKey.execute(token.reveal());
    expect(caller).toMatchObject({
      organization: { ...organization, name: 'Acme' },
      member: { ...owner, role: 'org:admin' },
    });
    expect(caller.apiKey).toMatchObject({ grant: { unrestricted: true, scopes: [] }, expiresAt: null });
    await expect(identity.organizations.findBootstrapOwner()).resolves.toEqual(owner);
  });

  it('succeeds once of 16 times at once and leaves one organization with one key (AU9)', async () => {
    const { identity, bootstrap } = installation();
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, (_, i) => bootstrap.execute(`Acme ${i}`)));
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refusals).toHaveLength(15);
    for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'organization.already_bootstrapped' });
    expect([identity.store.organizations.size, identity.store.apiKeys.size]).toEqual([1, 1]);
  });

  it('is refused where any organization exists already', async () => {
    const { identity, bootstrap } = installation();
    await identity.organizations.insert(aNewOrganization());
    await expect(bootstrap.execute('Acme')).rejects.toMatchObject({ code: 'organization.already_bootstrapped' });
    expect(identity.store.organizations.size).toBe(1);
  });

  it('at every start makes the first organization once, and hides no other refusal', async () => {
    const { identity, bootstrap } = installation();
    await expect(bootstrap.executeIfEmpty('')).rejects.toMatchObject({ code: 'organization.name_invalid' });
    const first = await bootstrap.executeIfEmpty('Acme');
    expect(identity.store.organizations.get(first!.organization.id)).toMatchObject({ name: 'Acme' });
    expect(await bootstrap.executeIfEmpty('Acme')).toBeNull();
    expect(identity.store.organizations.size).toBe(1);
  });

  it.each(['', 'x'.repeat(256), '\0'])('is refused for the name %j', async (name) => {
    const { identity, bootstrap } = installation();
    await expect(bootstrap.execute(name)).rejects.toMatchObject({ code: 'organization.name_invalid' });
    expect(identity.store.organizations.size).toBe(0);
  });
});
