import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, OPERATOR } from '../../domain/actor.js';
import { anId } from '../../testing/builders.js';
import { Tenant } from '../../testing/tenant.js';
import type { OrganizationUpdate } from './update-organization.js';

const ACTOR: Actor = { ...OPERATOR, sourceAddress: '192.0.2.1' };

let tenant: Tenant;

beforeEach(async () => {
  tenant = await Tenant.create();
});

const update = (changed: OrganizationUpdate) =>
  tenant.identity.updateOrganization.execute(tenant.organization.id, changed, ACTOR);
const verify = (token: string) => tenant.identity.verifyApiKey.execute(token);

describe('changing an organization', () => {
  it('renames it, and records the new name and who gave it', async () => {
    const { organization } = tenant;
    expect(await update({ name: 'Acme Ltd' })).toEqual({ ...organization, name: 'Acme Ltd' });
    expect((await verify(tenant.owner.token)).organization.name).toBe('Acme Ltd');
    const renamed = { actor: ACTOR, apiKeyId: null, changes: { name: 'Acme Ltd' } };
    expect(await tenant.events('organization.updated')).toMatchObject([renamed]);
  });

  it('disables it: all of its keys are refused from the next request on, also those that were proven, and no others', async () => {
    const theirs = await Tenant.create(tenant.identity);
    const { token } = await tenant.issue();
    await verify(token);
    const { disabledAt } = await update({ isActive: false });
    expect(disabledAt).toEqual(tenant.identity.clock.now());
    for (const held of [token, tenant.owner.token]) {
      await expect(verify(held)).rejects.toMatchObject({ code: 'authentication.required' });
      await expect(tenant.identity.verifyApiKey.verifyCached(held) ?? verify(held)).rejects.toMatchObject({
        code: 'authentication.required',
      });
    }
    await expect(verify(theirs.owner.token)).resolves.toBeDefined();
    expect(await tenant.events('organization.disabled')).toMatchObject([
      { actor: ACTOR, apiKeyId: null, changes: { is_active: false } },
    ]);
  });

  it('enables it again, with the keys that it had', async () => {
    await update({ isActive: false });
    expect(await update({ isActive: true })).toEqual(tenant.organization);
    await expect(verify(tenant.owner.token)).resolves.toBeDefined();
    expect(await tenant.events('organization.enabled')).toMatchObject([{ changes: { is_active: true } }]);
  });

  it('to what it is already changes nothing and records nothing', async () => {
    const { disabledAt } = await update({ isActive: false });
    tenant.identity.clock.advance(1000);
    const events = await tenant.countEvents();
    for (const same of [{}, { name: 'Acme' }, { isActive: false }]) {
      expect((await update(same)).disabledAt).toEqual(disabledAt);
    }
    expect(await tenant.countEvents()).toBe(events);
    expect((await update({ name: 'Acme Ltd', isActive: false })).disabledAt).toEqual(disabledAt);
  });

  it('is refused for a name that is none, and for an unknown organization', async () => {
    await expect(update({ name: '' })).rejects.toMatchObject({ code: 'organization.name_invalid' });
    const unknown = tenant.identity.updateOrganization.execute(anId(), { isActive: false }, ACTOR);
    await expect(unknown).rejects.toMatchObject({ code: 'organization.not_found' });
    expect(await tenant.identity.listOrganizations.execute()).toEqual([tenant.organization]);
  });
});
