import assert from 'node:assert/strict';
import { NO_POLICY, type OrganizationPolicy } from '../../domain/organization-policy.js';
import { anAuditEvent, aNewOrganization, anId, aRevocationOf } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 16;
const STRICT: OrganizationPolicy = {
  maxLifetimeDays: 90,
  expiryRequired: true,
  scopesRequired: true,
  revokeUnusedAfterDays: 30,
};

/** What `OrganizationRepository` promises about policies. */
export const organizationPolicyContract: readonly ContractCase<RepositoryHarness>[] = [
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
    promise: 'changePolicy writes the policy and its event, answers it, and touches no other organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const event = anAuditEvent({ organizationId: mine.organization.id, type: 'policy.updated' });
      const answer = await harness.organizations.changePolicy(mine.organization.id, (current) => {
        assert.deepEqual(current, NO_POLICY);
        return { policy: STRICT, event };
      });
      assert.deepEqual(answer, STRICT);
      await assertPolicy(harness, mine.organization.id, STRICT);
      await assertPolicy(harness, theirs.organization.id, NO_POLICY);
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 9 }), [event, mine.event]);
      const found = await harness.apiKeys.findCredential(mine.apiKey.keyPrefix);
      assert.deepEqual(found?.organization, { ...mine.organization, policy: STRICT });
    },
  },
  {
    promise: 'changePolicy refuses the word of a key that was revoked, and writes nothing',
    async run(harness) {
      const { organization, owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const event = anAuditEvent({ organizationId: organization.id, type: 'policy.updated' });
      const changed = harness.organizations.changePolicy(organization.id, () => ({ policy: STRICT, event }), apiKey);
      await assertRefused(changed, 'authentication.required');
      await assertPolicy(harness, organization.id, NO_POLICY);
    },
  },
  {
    promise: 'changePolicy writes nothing where it is decided so, by null or by a throw, which it passes on',
    async run(harness) {
      const { organization, event } = await storedOrganization(harness, aNewOrganization({ policy: STRICT }));
      assert.deepEqual(await harness.organizations.changePolicy(organization.id, () => null), STRICT);
      const refusal = new Error('refused');
      const refused = harness.organizations.changePolicy(organization.id, () => {
        throw refusal;
      });
      await assert.rejects(refused, (error) => error === refusal);
      await assertPolicy(harness, organization.id, STRICT);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
    },
  },
  {
    promise: 'changePolicy refuses an unknown organization with organization.not_found',
    async run(harness) {
      await storedOrganization(harness);
      const event = anAuditEvent();
      const refused = harness.organizations.changePolicy(anId(), () => ({ policy: STRICT, event }));
      await assertRefused(refused, 'organization.not_found');
    },
  },
  {
    promise: 'concurrent changes of one policy follow each other, and none is lost',
    async run(harness) {
      const { organization } = await storedOrganization(harness);
      const increments = Array.from({ length: CONCURRENT }, () =>
        harness.organizations.changePolicy(organization.id, (current) => ({
          policy: { ...current, maxLifetimeDays: (current.maxLifetimeDays ?? 0) + 1 },
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
