import assert from 'node:assert/strict';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import { aMember, anId, aNewApiKey, aNewOrganization } from '../builders.js';
import { assertRefused, type ContractCase, single } from './contract-case.js';
import { organizationDeleteContract } from './organization-delete-contract.js';
import { organizationChangeContract } from './organization-change-contract.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 16;
const EARLIER = new Date('2026-01-01T00:00:00.001Z');
const LATER = new Date('2026-01-01T00:00:00.002Z');

/** Every way to collide with a stored organization. */
const COLLISIONS: Readonly<Record<string, (stored: NewOrganization) => NewOrganization>> = {
  'organization id': ({ organization }) => aNewOrganization({ id: organization.id }),
  'member id': ({ owner }) => ownedBy(owner.id),
  'key id': ({ apiKey }) => withKey({ id: apiKey.id }),
  'public part': ({ apiKey }) => withKey({ keyPrefix: apiKey.keyPrefix }),
};

const insertCases = Object.entries(COLLISIONS).map(([what, collide]): ContractCase<RepositoryHarness> => ({
  promise: `insert refuses a taken ${what} with api_key.conflict and stores nothing of it`,
  async run(harness) {
    const stored = await storedOrganization(harness);
    const intruder = collide(stored);
    await assertRefused(harness.organizations.insert(intruder), 'api_key.conflict');
    await assertRefused(harness.organizations.insertBootstrap(intruder), 'api_key.conflict');
    await assertHoldsOnly(harness, stored);
    assert.equal(await harness.organizations.findBootstrapOwner(), null);
  },
}));

/** What `OrganizationRepository.insertBootstrap` and `findBootstrapOwner` promise. */
const bootstrapCases: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'of 16 concurrent bootstraps exactly one succeeds, and one organization with one key is there afterwards',
    async run(harness) {
      const contenders = Array.from({ length: CONCURRENT }, () => aNewOrganization());
      const attempts = contenders.map((each) => harness.organizations.insertBootstrap(each));
      const outcomes = await Promise.allSettled(attempts);
      const winner = single(contenders.filter((_, i) => outcomes[i]?.status === 'fulfilled'));
      for (const [i, attempt] of attempts.entries()) {
        if (contenders[i] !== winner) await assertRefused(attempt, 'organization.already_bootstrapped');
      }
      await assertHoldsOnly(harness, winner);
      for (const loser of contenders.filter((each) => each !== winner)) {
        assert.equal(await harness.apiKeys.findCredential(loser.apiKey.keyPrefix), null);
        assert.equal(await harness.organizations.findOwner(loser.organization.id), null);
      }
    },
  },
  {
    promise: 'a later bootstrap is refused with organization.already_bootstrapped',
    async run(harness) {
      const first = aNewOrganization();
      await harness.organizations.insertBootstrap(first);
      const later = harness.organizations.insertBootstrap(aNewOrganization());
      await assertRefused(later, 'organization.already_bootstrapped');
      await assertHoldsOnly(harness, first);
    },
  },
  {
    promise: 'the bootstrap owner is null until an organization is bootstrapped, and not that of any other',
    async run(harness) {
      assert.equal(await harness.organizations.findBootstrapOwner(), null);
      await storedOrganization(harness);
      assert.equal(await harness.organizations.findBootstrapOwner(), null);
      const bootstrap = aNewOrganization();
      await harness.organizations.insertBootstrap(bootstrap);
      await storedOrganization(harness);
      assert.deepEqual(await harness.organizations.findBootstrapOwner(), bootstrap.owner);
    },
  },
];

/** What the reads of `OrganizationRepository` promise. */
const readCases: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: "findOwner yields the organization's own owner, null for an unknown organization and where none owns",
    async run(harness) {
      for (const { organization, owner } of await twoOrganizations(harness)) {
        assert.deepEqual(await harness.organizations.findOwner(organization.id), owner);
      }
      assert.equal(await harness.organizations.findOwner(anId()), null);
      const base = aNewOrganization();
      await storedOrganization(harness, { ...base, owner: aMember({ ...base.owner, role: 'org:member' }) });
      assert.equal(await harness.organizations.findOwner(base.organization.id), null);
    },
  },
  {
    promise: 'findOwners yields the owner of each organization that has one, and takes an empty list',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const base = aNewOrganization();
      await storedOrganization(harness, { ...base, owner: aMember({ ...base.owner, role: 'org:member' }) });
      const ids = [theirs.organization.id, anId(), base.organization.id, mine.organization.id];
      const owners = await harness.organizations.findOwners(ids);
      assert.equal(owners.size, 2);
      for (const { organization, owner } of [mine, theirs]) assert.deepEqual(owners.get(organization.id), owner);
      assert.equal((await harness.organizations.findOwners([])).size, 0);
    },
  },
  {
    promise: 'the list holds all organizations, disabled ones too, oldest first and by id within one millisecond',
    async run(harness) {
      const [b, c, d, a] = [
        aNewOrganization({ createdAt: LATER }),
        aNewOrganization({ createdAt: LATER, disabledAt: LATER }),
        aNewOrganization({ createdAt: LATER }),
        aNewOrganization({ createdAt: EARLIER }),
      ];
      for (const each of [d, b, a, c]) await storedOrganization(harness, each);
      const expected = [a, b, c, d].map((each) => each.organization);
      assert.deepEqual(await harness.organizations.list(), expected);
    },
  },
];

/** Every promise of `OrganizationRepository`. Each case wants an empty store. */
export const organizationRepositoryContract: readonly ContractCase<RepositoryHarness>[] = [
  ...insertCases,
  ...bootstrapCases,
  ...readCases,
  ...organizationChangeContract,
  ...organizationDeleteContract,
];

async function assertHoldsOnly(harness: RepositoryHarness, expected: NewOrganization): Promise<void> {
  const { organization, owner, apiKey, secret, event } = expected;
  assert.deepEqual(await harness.organizations.list(), [organization]);
  assert.deepEqual(await harness.organizations.findOwner(organization.id), owner);
  assert.deepEqual(await harness.apiKeys.list(organization.id), [apiKey]);
  const stored = await harness.apiKeys.findCredential(apiKey.keyPrefix);
  assert.deepEqual(stored, { organization, member: owner, apiKey, secret });
  assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
}

function ownedBy(memberId: string): NewOrganization {
  const base = aNewOrganization();
  const owner = aMember({ ...base.owner, id: memberId });
  return { ...base, owner, ...aNewApiKey(owner) };
}

function withKey(fields: Parameters<typeof aNewApiKey>[1]): NewOrganization {
  const base = aNewOrganization();
  return { ...base, ...aNewApiKey(base.owner, fields) };
}
