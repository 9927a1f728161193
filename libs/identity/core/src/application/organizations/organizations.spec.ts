import { describe, expect, it } from '@jest/globals';
import { anId } from '../../testing/builders.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';

describe('creating an organization', () => {
  it('gives it an owner with a working key, apart from all others', async () => {
    const identity = new InMemoryIdentity();
    const create = identity.createOrganization;
    const [first, second] = [await create.execute('Acme'), await create.execute('Acme')];
    const caller = await identity.verifyApiKey.execute(second.token.reveal());
    expect(caller.organization.id).toBe(second.organization.id);
    expect(await identity.listOrganizations.execute()).toEqual([first.organization, second.organization]);
  });

  it('is refused for a name that is none', async () => {
    const identity = new InMemoryIdentity();
    const create = identity.createOrganization;
    await expect(create.execute('')).rejects.toMatchObject({ code: 'organization.name_invalid' });
  });
});

describe("the operator's key for an owner", () => {
  it('opens an organization that lost its keys', async () => {
    const identity = new InMemoryIdentity();
    const { organization, owner } = await identity.createOrganization.execute('A');
    const issueOwnerKey = identity.issueOwnerKey;
    const { token } = await issueOwnerKey.execute(organization.id, { name: 'Rescue' });
    const caller = await identity.verifyApiKey.execute(token.reveal());
    expect(caller).toMatchObject({ organization, member: owner, apiKey: { grant: { unrestricted: true } } });
  });

  it('is refused for an unknown organization', async () => {
    const identity = new InMemoryIdentity();
    const outcome = identity.issueOwnerKey.execute(anId(), { name: 'x' });
    await expect(outcome).rejects.toMatchObject({ code: 'organization.not_found' });
  });
});
