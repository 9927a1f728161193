import assert from 'node:assert/strict';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import { aMember, anAuditEvent, aNewApiKey, aNewImportedApiKey, aNewOrganization, anId } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const deletionOf = (organizationId: string) => anAuditEvent({ organizationId, type: 'organization.deleted' });

/** What `OrganizationRepository` promises about organizations without a key, pages, and deletion. */
export const organizationDeleteContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert stores an organization without a key, with its owner and event',
    async run(harness) {
      const { organization, owner } = aNewOrganization();
      const event = anAuditEvent({ organizationId: organization.id, type: 'organization.created' });
      await harness.organizations.insert({ organization, owner, event });
      assert.deepEqual(await harness.organizations.find(organization.id), organization);
      assert.deepEqual(await harness.organizations.findOwner(organization.id), owner);
      assert.deepEqual(await harness.apiKeys.list(organization.id), []);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
      assert.equal(await harness.organizations.find(anId()), null);
    },
  },
  {
    promise: 'listPage holds organizations newest first, in parts, and those whose name contains a text in any case',
    async run(harness) {
      const names = ['Acme', 'bacme 50%', 'Ärger_x', 'other'];
      const stored = [];
      for (const [day, name] of names.entries()) {
        const createdAt = new Date(Date.UTC(2026, 0, day + 1));
        stored.unshift((await storedOrganization(harness, aNewOrganization({ name, createdAt }))).organization);
      }
      const { organizations } = harness;
      assert.deepEqual(await organizations.listPage({ limit: 9 }), stored);
      const [first, second] = stored;
      assert.deepEqual(await organizations.listPage({ limit: 2, after: first }), stored.slice(1, 3));
      assert.deepEqual(await organizations.listPage({ limit: 1, after: second, search: 'ACME' }), stored.slice(2, 3));
      const found = async (search: string) =>
        (await organizations.listPage({ limit: 9, search })).map(({ name }) => name);
      assert.deepEqual(await found('acme'), ['bacme 50%', 'Acme']);
      // Wildcards of LIKE are characters like others.
      assert.deepEqual(await found('%'), ['bacme 50%']);
      assert.deepEqual(await found('_'), ['Ärger_x']);
      assert.deepEqual(await found('\\'), []);
      assert.deepEqual(await found('Ärger'), ['Ärger_x']);
    },
  },
  {
    promise: 'countContents counts members and keys of the organization alone, whatever their state',
    async run(harness) {
      const [mine] = await twoOrganizations(harness);
      const { id } = mine.organization;
      await filled(harness, mine);
      const counted = { members: 2, apiKeys: 4, newestMemberId: await newestMember(harness, id) };
      assert.deepEqual(await harness.organizations.countContents(id), counted);
      await assertRefused(harness.organizations.countContents(anId()), 'organization.not_found');
    },
  },
  {
    promise: 'delete takes members, keys and secrets, keeps the audit log, and touches no other organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { id } = mine.organization;
      const keyPrefixes = await filled(harness, mine);
      const counted = { members: 2, apiKeys: 4, newestMemberId: await newestMember(harness, id) };
      const before = await harness.auditLog.list(id, { limit: 99 });
      const event = deletionOf(id);
      await harness.organizations.delete(id, (current, contents) => {
        assert.deepEqual(current, mine.organization);
        assert.deepEqual(contents, counted);
        return event;
      });
      for (const keyPrefix of keyPrefixes) assert.equal(await harness.apiKeys.findCredential(keyPrefix), null);
      assert.deepEqual(await harness.apiKeys.list(id, { includeRevoked: true }), []);
      assert.deepEqual(await harness.members.list(id, { limit: 9 }), []);
      const { organizations } = harness;
      assert.equal(await organizations.find(id), null);
      assert.equal(await organizations.findOwner(id), null);
      assert.deepEqual(await organizations.list(), [theirs.organization]);
      assert.deepEqual(await organizations.listPage({ limit: 9 }), [theirs.organization]);
      const gone = { ...mine.organization, disabledAt: event.occurredAt };
      assert.deepEqual(await organizations.listDeleted(), [gone]);
      assert.deepEqual(await harness.auditLog.list(id, { limit: 99 }), [event, ...before]);
      const kept = await harness.apiKeys.findCredential(theirs.apiKey.keyPrefix);
      assert.deepEqual(kept?.member, theirs.owner);
    },
  },
  {
    promise: 'a deleted organization takes no change, no member, no key and no second deletion',
    async run(harness) {
      const { organization, owner, event } = await storedOrganization(harness);
      const { id } = organization;
      await harness.organizations.delete(id, () => deletionOf(id));
      const { organizations, members, apiKeys } = harness;
      const member = aMember({ organizationId: id });
      await assertRefused(
        organizations.change(id, () => ({ organization, event: { ...event, id: anId() } })),
        'organization.not_found',
      );
      const deleted = organizations.delete(id, () => deletionOf(id));
      await assertRefused(deleted, 'organization.not_found');
      const added = members.insert({ member, event: anAuditEvent({ organizationId: id }) });
      await assertRefused(added, 'organization.not_found');
      await assertRefused(apiKeys.insert(aNewApiKey(owner)), 'member.not_found');
      await assertRefused(apiKeys.insert(aNewApiKey(owner), { maxKeys: 5 }), 'member.not_found');
    },
  },
  {
    promise: 'delete takes nothing where the decision throws, which it passes on',
    async run(harness) {
      const { organization, apiKey, event } = await storedOrganization(harness);
      const refusal = new Error('refused');
      const refused = harness.organizations.delete(organization.id, () => {
        throw refusal;
      });
      await assert.rejects(refused, (error) => error === refusal);
      assert.notEqual(await harness.apiKeys.findCredential(apiKey.keyPrefix), null);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
    },
  },
  {
    promise: 'no organization is bootstrapped after the first one was deleted',
    async run(harness) {
      const first = aNewOrganization();
      await harness.organizations.insertBootstrap(first);
      const { id } = first.organization;
      await harness.organizations.delete(id, () => deletionOf(id));
      assert.equal(await harness.organizations.findBootstrapOwner(), null);
      const later = harness.organizations.insertBootstrap(aNewOrganization());
      await assertRefused(later, 'organization.already_bootstrapped');
      assert.deepEqual(await harness.organizations.list(), []);
    },
  },
  {
    promise: 'keys that are inserted while their organization is deleted are deleted with it or refused',
    async run(harness) {
      for (let round = 0; round < 4; round += 1) {
        const { organization, owner, apiKey } = await storedOrganization(harness);
        const { id } = organization;
        const keys = Array.from({ length: 4 }, () => aNewApiKey(owner));
        const inserts = keys.map((key, at) =>
          harness.apiKeys.insert(key, at % 2 === 0 ? {} : { issuedBy: apiKey, maxKeys: 99 }),
        );
        const deleted = harness.organizations.delete(id, () => deletionOf(id));
        const outcomes = await Promise.allSettled(inserts);
        await deleted;
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          const { code } = outcome.reason as { readonly code?: string };
          assert.ok(code === 'member.not_found' || code === 'authentication.required', String(outcome.reason));
        }
        for (const key of keys) assert.equal(await harness.apiKeys.findCredential(key.apiKey.keyPrefix), null);
      }
    },
  },
];

/** The greatest id of a member. */
async function newestMember({ members }: RepositoryHarness, organizationId: string): Promise<string | null> {
  const listed = await members.list(organizationId, { limit: 9 });
  return (
    listed
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? null
  );
}

/** Adds a member with keys in several states to an organization, and answers the public parts of all of its keys. */
async function filled(harness: RepositoryHarness, { organization, owner, apiKey }: NewOrganization): Promise<string[]> {
  const organizationId = organization.id;
  const member = aMember({ organizationId });
  await harness.members.insert({ member, event: anAuditEvent({ organizationId, type: 'member.created' }) });
  const keys = [aNewApiKey(member), aNewApiKey(owner, { revokedAt: new Date() })];
  for (const key of keys) await harness.apiKeys.insert(key);
  const imported = aNewImportedApiKey(owner);
  await harness.apiKeys.insertImported([imported]);
  return [apiKey, imported.apiKey, ...keys.map((key) => key.apiKey)].map(({ keyPrefix }) => keyPrefix);
}
