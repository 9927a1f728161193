import { describe, expect, it } from '@jest/globals';
import { type Actor, OPERATOR } from '../../domain/actor.js';
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

  it('is recorded, with its first key, as done by the operator or whom the operator names', async () => {
    const identity = new InMemoryIdentity();
    const actor: Actor = { ...OPERATOR, sourceAddress: '192.0.2.1' };
    for (const given of [undefined, actor]) {
      const { organization } = await identity.createOrganization.execute('Acme', given);
      await identity.issueOwnerKey.execute(organization.id, { name: 'CI' }, given);
      const events = await identity.auditLog.list(organization.id, { limit: 9 });
      expect(events.map((event) => event.actor)).toEqual([given ?? OPERATOR, given ?? OPERATOR]);
    }
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

  it('holds the scopes that are named, and no more', async () => {
    const identity = new InMemoryIdentity();
    const { organization } = await identity.createOrganization.execute('A');
    const { apiKey } = await identity.issueOwnerKey.execute(organization.id, { name: 'CI', scopes: ['orders:read'] });
    expect(apiKey.grant).toMatchObject({ unrestricted: false, scopes: ['orders:read'] });
  });

  it('is refused for an unknown organization', async () => {
    const identity = new InMemoryIdentity();
    const outcome = identity.issueOwnerKey.execute(anId(), { name: 'x' });
    await expect(outcome).rejects.toMatchObject({ code: 'organization.not_found' });
  });
});
