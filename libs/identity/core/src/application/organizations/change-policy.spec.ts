import { beforeEach, describe, expect, it } from '@jest/globals';
import { NO_POLICY, type OrganizationPolicy } from '../../domain/organization-policy.js';
import { anId } from '../../testing/builders.js';
import { Tenant } from '../../testing/tenant.js';
import { operatorGrantor } from '../keys/grantor.js';

let tenant: Tenant;

beforeEach(async () => {
  tenant = await Tenant.create();
});

const change = async (policy: Partial<OrganizationPolicy>) =>
  tenant.identity.changePolicy.execute(await tenant.grantor(), policy);

describe('changing the policy', () => {
  it('keeps what is left out, and answers the whole of it', async () => {
    expect(await change({ maxLifetimeDays: 30 })).toEqual({ ...NO_POLICY, maxLifetimeDays: 30 });
    expect(await change({ expiryRequired: true, revokeUnusedAfterDays: 90 })).toEqual({
      ...NO_POLICY,
      maxLifetimeDays: 30,
      expiryRequired: true,
      scopesRequired: false,
      revokeUnusedAfterDays: 90,
    });
    const last = await change({ maxLifetimeDays: null });
    expect(last).toEqual({ ...NO_POLICY, expiryRequired: true, revokeUnusedAfterDays: 90 });
    expect((await tenant.grantor()).policy).toEqual(last);
  });

  it.each<[object, string]>([
    [{ maxLifetimeDay: 30 }, 'A policy has no field maxLifetimeDay.'],
    [{ maxLifetimeDays: 0 }, 'maxLifetimeDays takes null or a whole number from 1 to 36500.'],
    [{ revokeUnusedAfterDays: Number.NaN }, 'revokeUnusedAfterDays takes null or a whole number from 1 to 36500.'],
    [{ maxLifetimeDays: undefined }, 'maxLifetimeDays is undefined. Leave it out to keep it as it is.'],
    [{ rateLimit: undefined }, 'rateLimit is undefined. Leave it out to keep it as it is.'],
    [{ expiryRequired: 'yes' }, 'expiryRequired takes true or false.'],
  ])('refuses what would be no rule: %p', async (policy, message) => {
    await expect(change(policy)).rejects.toMatchObject({ code: 'policy.invalid', message });
    expect((await tenant.grantor()).policy).toEqual(NO_POLICY);
  });

  it.each([{ rateLimit: 0 }, { quota: false }, { quota: '' }])(
    'takes nothing else for no limit: %p',
    async (policy) => {
      await change({ rateLimit: { requests: 1, seconds: 1 }, quota: { requests: 1, period: 'day' } });
      const { policy: before } = await tenant.grantor();
      await expect(change(policy as object)).rejects.toMatchObject({ code: 'api_key.limit_invalid' });
      expect((await tenant.grantor()).policy).toEqual(before);
    },
  );

  it('records what became different, by whom and from where', async () => {
    await change({ maxLifetimeDays: 30, expiryRequired: false });
    await change({ maxLifetimeDays: null, expiryRequired: true, scopesRequired: true, revokeUnusedAfterDays: 1 });
    const { actor } = await tenant.grantor();
    expect(await tenant.events('policy.updated')).toMatchObject([
      { actor, apiKeyId: null, changes: { max_lifetime_days: 30 } },
      {
        actor,
        changes: {
          max_lifetime_days: null,
          expiry_required: true,
          scopes_required: true,
          revoke_unused_after_days: 1,
        },
      },
    ]);
    const [first] = await tenant.events('policy.updated');
    expect(Object.keys(first?.changes ?? {})).toEqual(['max_lifetime_days']);
  });

  it('to what it is already changes nothing and records nothing', async () => {
    await change({ maxLifetimeDays: 30 });
    for (const same of [{}, { maxLifetimeDays: 30 }, { expiryRequired: false, revokeUnusedAfterDays: null }]) {
      expect(await change(same)).toEqual({ ...NO_POLICY, maxLifetimeDays: 30 });
    }
    expect(await tenant.events('policy.updated')).toHaveLength(1);
  });

  it('leaves other organizations and existing keys alone', async () => {
    const theirs = await Tenant.create(tenant.identity);
    const { apiKey, token } = await tenant.issue();
    await change({ maxLifetimeDays: 1, expiryRequired: true });
    expect((await theirs.grantor()).policy).toEqual(NO_POLICY);
    expect(await tenant.stored(apiKey)).toEqual(apiKey);
    await expect(tenant.grantor(token)).resolves.toBeDefined();
  });

  it('is refused for an unknown organization', async () => {
    const grantor = operatorGrantor({ id: anId(), organizationId: anId() });
    const outcome = tenant.identity.changePolicy.execute(grantor, { expiryRequired: true });
    await expect(outcome).rejects.toMatchObject({ code: 'organization.not_found' });
  });
});
