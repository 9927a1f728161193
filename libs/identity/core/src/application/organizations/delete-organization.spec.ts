import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Member } from '../../domain/member.js';
import { type Actor, OPERATOR } from '../../domain/actor.js';
import { Tenant } from '../../testing/tenant.js';

const ACTOR: Actor = { ...OPERATOR, name: 'ada' };

let tenant: Tenant;
let spare: Member;

beforeEach(async () => {
  tenant = await Tenant.create();
});

const plan = () => tenant.identity.deleteOrganization.plan(tenant.organization.id);
const confirm = (confirmation: string) =>
  tenant.identity.deleteOrganization.execute(tenant.organization.id, confirmation, ACTOR);
const verify = () => tenant.identity.verifyApiKey.execute(tenant.owner.token);

describe('deleting an organization', () => {
  it('is planned first, which deletes nothing and counts what would be deleted', async () => {
    await tenant.issue();
    expect(await plan()).toMatchObject({ organization: tenant.organization, contents: { members: 1, apiKeys: 2 } });
    await expect(verify()).resolves.toBeDefined();
  });

  it('takes the confirmation of the plan, ends all keys, and is recorded where its audit log is kept', async () => {
    const theirs = await Tenant.create(tenant.identity);
    await verify();
    await confirm((await plan()).confirmation);
    await expect(verify()).rejects.toMatchObject({ code: 'authentication.required' });
    await expect(plan()).rejects.toMatchObject({ code: 'organization.not_found' });
    const changes = { name: 'Acme', deleted_members: 1, deleted_api_keys: 1 };
    expect(await tenant.events('organization.deleted')).toMatchObject([{ actor: ACTOR, changes }]);
    expect(await tenant.events('organization.created')).toHaveLength(1);
    await expect(tenant.identity.verifyApiKey.execute(theirs.owner.token)).resolves.toBeDefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a key more', () => tenant.issue()],
    ['a member more', () => createMember()],
    ['another member in the place of one', () => swapMembers()],
    ['another name', () => rename()],
  ])('is refused for a plan of before there was %s', async (_change, change) => {
    spare = await createMember();
    const { confirmation } = await plan();
    await change();
    await expect(confirm(confirmation)).rejects.toMatchObject({ code: 'organization.deletion_unconfirmed' });
    await expect(verify()).resolves.toBeDefined();
    expect(await tenant.events('organization.deleted')).toEqual([]);
  });

  it('is refused for the confirmation of another organization', async () => {
    const theirs = await Tenant.create(tenant.identity);
    const { confirmation } = await tenant.identity.deleteOrganization.plan(theirs.organization.id);
    for (const wrong of [confirmation, '']) {
      await expect(confirm(wrong)).rejects.toMatchObject({ code: 'organization.deletion_unconfirmed' });
    }
  });
});

let users = 0;
const createMember = () =>
  tenant.identity.createMember.execute(tenant.organization.id, { externalId: `user-${(users += 1)}` }, ACTOR);
const swapMembers = async () => {
  await tenant.identity.removeMember.execute(tenant.organization.id, spare.id, ACTOR);
  await createMember();
};
const rename = () => tenant.identity.updateOrganization.execute(tenant.organization.id, { name: 'Other' }, ACTOR);
