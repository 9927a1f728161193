import assert from 'node:assert/strict';
import { NO_POLICY, type OrganizationPolicy } from '../../domain/organization-policy.js';
import { anAuditEvent, aNewOrganization, anId, aRevocationOf } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 16;
const DISABLED_AT = new Date('2026-03-29T01:30:00.501Z');
const STRICT: OrganizationPolicy = {
  maxLifetimeDays: 90,
  expiryRequired: true,
  scopesRequired: true,
  revokeUnusedAfterDays: 30,
  revokeDescendants: true,
  rateLimit: { requests: 10, seconds: 60 },
  quota: { requests: 100_000, period: 'month' },
};

/** What `OrganizationRepository` promises about changes. */
export const organizationChangeContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a policy comes back as it was stored, in the list and with each credential',
    async run(harness) {
      const partly = [
        { ...STRICT, expiryRequired: false, maxLifetimeDays: null },
        { ...STRICT, scopesRequired: false },
      ];
      for (const policy of [NO_POLICY, STRICT, ...partly]) {
        const { organization, apiKey } = await storedOrganization(harness, aNewOrganization({ policy }));
        await assertPolicy(harness, organization.id, policy);
        assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.organization.policy, policy);
      }
    },
  },
  {
    promise: 'change writes name, policy, disabling and the event, answers them, and touches no other organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { id } = mine.organization;
      const disabled = { ...mine.organization, name: 'naïve "x"', disabledAt: DISABLED_AT, policy: STRICT };
      const enabled = { ...disabled, disabledAt: null };
      const events = [disabled, enabled].map(() => anAuditEvent({ organizationId: id, type: 'organization.updated' }));
      for (const [at, wanted] of [disabled, enabled].entries()) {
        const event = events[at];
        assert.ok(event);
        const answer = await harness.organizations.change(id, (current) => {
          assert.deepEqual(current, at === 0 ? mine.organization : disabled);
          return { organization: wanted, event };
        });
        assert.deepEqual(answer, wanted);
        const found = await harness.apiKeys.findCredential(mine.apiKey.keyPrefix);
        assert.deepEqual(found?.organization, wanted);
        const others = (await harness.organizations.list()).filter((each) => each.id !== id);
        assert.deepEqual(others, [theirs.organization]);
      }
      assert.deepEqual(await harness.auditLog.list(id, { limit: 9 }), [...events.reverse(), mine.event]);
    },
  },
  {
    promise: 'change leaves the id and the time of creation alone',
    async run(harness) {
      const { organization, event } = await storedOrganization(harness);
      const other = { ...organization, id: anId(), createdAt: DISABLED_AT };
      const change = { organization: other, event: { ...event, id: anId() } };
      assert.deepEqual(await harness.organizations.change(organization.id, () => change), organization);
      assert.deepEqual(await harness.organizations.list(), [organization]);
    },
  },
  {
    promise: 'change refuses the word of a key that was revoked, and writes nothing',
    async run(harness) {
      const { organization, owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const event = anAuditEvent({ organizationId: organization.id, type: 'policy.updated' });
      const changed = harness.organizations.change(
        organization.id,
        (current) => ({ organization: { ...current, policy: STRICT }, event }),
        apiKey,
      );
      await assertRefused(changed, 'authentication.required');
      await assertPolicy(harness, organization.id, NO_POLICY);
    },
  },
  {
    promise: 'change writes nothing where it is decided so, by null or by a throw, which it passes on',
    async run(harness) {
      const { organization, event } = await storedOrganization(harness, aNewOrganization({ policy: STRICT }));
      assert.deepEqual(await harness.organizations.change(organization.id, () => null), organization);
      const refusal = new Error('refused');
      const refused = harness.organizations.change(organization.id, () => {
        throw refusal;
      });
      await assert.rejects(refused, (error) => error === refusal);
      await assertPolicy(harness, organization.id, STRICT);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
    },
  },
  {
    promise: 'change refuses an unknown organization with organization.not_found',
    async run(harness) {
      await storedOrganization(harness);
      const event = anAuditEvent();
      const refused = harness.organizations.change(anId(), (organization) => ({ organization, event }));
      await assertRefused(refused, 'organization.not_found');
    },
  },
  {
    promise: 'concurrent changes of one organization follow each other, and none is lost',
    async run(harness) {
      const { organization } = await storedOrganization(harness);
      const increments = Array.from({ length: CONCURRENT }, () =>
        harness.organizations.change(organization.id, (current) => ({
          organization: {
            ...current,
            policy: { ...current.policy, maxLifetimeDays: (current.policy.maxLifetimeDays ?? 0) + 1 },
          },
          event: anAuditEvent({ organizationId: organization.id, type: 'policy.updated' }),
        })),
      );
      await Promise.all(increments);
      await assertPolicy(harness, organization.id, { ...NO_POLICY, maxLifetimeDays: CONCURRENT });
      const events = await harness.auditLog.list(organization.id, { limit: 100, type: 'policy.updated' });
      assert.equal(events.length, CONCURRENT);
    },
  },
];

async function assertPolicy(
  { organizations }: RepositoryHarness,
  id: string,
  expected: OrganizationPolicy,
): Promise<void> {
  const stored = (await organizations.list()).find((organization) => organization.id === id);
  assert.deepEqual(stored?.policy, expected);
}
