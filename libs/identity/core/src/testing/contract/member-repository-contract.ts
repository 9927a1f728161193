import assert from 'node:assert/strict';
import { type ListedMember, type Member, MEMBER_ROLE } from '../../domain/member.js';
import { NO_POLICY } from '../../domain/organization-policy.js';
import type { EndingEvents } from '../../application/ports/api-key-repository.js';
import type { ApiKey, KeyCreator } from '../../domain/api-key.js';
import { aMember, anAuditEvent, anId, aNewApiKey, aNewOrganization } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 16;
const CHANGED_AT = new Date('2026-03-29T01:30:00.501Z');

/** Every promise of `MemberRepository`. Each case wants an empty store. */
export const memberRepositoryContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert stores the member as it is, with its event, and touches no other organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const texts = { externalId: 'user|naïve "x"', email: null, displayName: 'Zoë 🙂', role: MEMBER_ROLE };
      const created = await storedMember(harness, mine.organization.id, { ...texts, disabledAt: CHANGED_AT });
      assert.deepEqual(await harness.members.find(mine.organization.id, created.member.id), listed(created.member));
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 9 }), [created.event, mine.event]);
      assert.equal(await harness.members.find(theirs.organization.id, created.member.id), null);
      assert.deepEqual(await harness.auditLog.list(theirs.organization.id, { limit: 9 }), [theirs.event]);
    },
  },
  {
    promise:
      'insert refuses a taken external id with member.conflict and stores nothing; another organization may have it',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { externalId } = mine.owner;
      await assertRefused(storedMember(harness, mine.organization.id, { externalId }), 'member.conflict');
      await assertRefused(storedMember(harness, mine.organization.id, { id: mine.owner.id }), 'member.conflict');
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 9 }), [mine.event]);
      await storedMember(harness, theirs.organization.id, { externalId });
      assert.equal((await harness.members.list(theirs.organization.id, { limit: 9 })).length, 2);
    },
  },
  {
    promise: 'of 16 concurrent inserts of one external id exactly one succeeds',
    async run(harness) {
      const { organization } = await storedOrganization(harness);
      const attempts = Array.from({ length: CONCURRENT }, () =>
        storedMember(harness, organization.id, { externalId: 'user-1' }),
      );
      const outcomes = await Promise.allSettled(attempts);
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await harness.members.list(organization.id, { limit: 99 })).length, 2);
    },
  },
  {
    promise: 'insert refuses an unknown organization with organization.not_found',
    run: (harness) => assertRefused(storedMember(harness, anId()), 'organization.not_found'),
  },
  {
    promise: 'list holds the members of the organization alone, newest first by id, disabled ones too, in parts',
    async run(harness) {
      const [{ organization, owner }, theirs] = await twoOrganizations(harness);
      const added: Member[] = [];
      for (const disabledAt of [null, CHANGED_AT, null]) {
        added.unshift((await storedMember(harness, organization.id, { disabledAt })).member);
      }
      await storedMember(harness, theirs.organization.id);
      const expected = [...added, owner].map(listed);
      assert.deepEqual(await harness.members.list(organization.id, { limit: 9 }), expected);
      assert.deepEqual(await harness.members.list(organization.id, { limit: 2 }), expected.slice(0, 2));
      const after = expected[1]?.id;
      assert.deepEqual(await harness.members.list(organization.id, { limit: 2, after }), expected.slice(2));
      assert.deepEqual(await harness.members.list(anId(), { limit: 9 }), []);
    },
  },
  {
    promise: 'list by role or external id holds the members that have exactly this text',
    async run(harness) {
      const { organization, owner } = await storedOrganization(harness);
      const { member } = await storedMember(harness, organization.id, { role: MEMBER_ROLE });
      const list = (filter: { role?: string; externalId?: string }) =>
        harness.members.list(organization.id, { limit: 9, ...filter });
      assert.deepEqual(await list({ role: MEMBER_ROLE }), [listed(member)]);
      assert.deepEqual(await list({ externalId: owner.externalId }), [listed(owner)]);
      assert.deepEqual(await list({ role: MEMBER_ROLE, externalId: owner.externalId }), []);
      for (const text of ['', 'ORG:MEMBER', 'org:%']) assert.deepEqual(await list({ role: text }), []);
    },
  },
  {
    promise: 'change writes email, name, role, being disabled and the event, tells when, and shows with the credential',
    async run(harness) {
      const { organization, owner, apiKey } = await storedOrganization(harness);
      const wanted = { ...owner, email: null, displayName: 'Zoë', role: MEMBER_ROLE, disabledAt: CHANGED_AT };
      const event = anAuditEvent({ organizationId: organization.id, type: 'member.updated', occurredAt: CHANGED_AT });
      const answer = await harness.members.change(organization.id, owner.id, (current) => {
        assert.deepEqual(current, listed(owner));
        // What else the change says of the member is not taken from it.
        return { member: { ...wanted, externalId: 'other', createdAt: CHANGED_AT }, event };
      });
      const expected = { ...wanted, updatedAt: CHANGED_AT };
      assert.deepEqual(answer, expected);
      assert.deepEqual(await harness.members.find(organization.id, owner.id), expected);
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.member, wanted);
      assert.deepEqual((await harness.auditLog.list(organization.id, { limit: 1 }))[0], event);
    },
  },
  {
    promise: 'change and remove write nothing where it is decided so, and refuse a member of another organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { organization, owner } = mine;
      assert.deepEqual(await harness.members.change(organization.id, owner.id, () => null), listed(owner));
      const refusal = new Error('refused');
      const refuse = () => {
        throw refusal;
      };
      await assert.rejects(harness.members.change(organization.id, owner.id, refuse), (error) => error === refusal);
      await assert.rejects(
        harness.members.remove(organization.id, owner.id, refuse, termsIn(organization.id)),
        (error) => error === refusal,
      );
      for (const id of [theirs.owner.id, anId()]) {
        await assertRefused(
          harness.members.change(organization.id, id, () => null),
          'member.not_found',
        );
        const removed = remove(harness, organization.id, id, anAuditEvent());
        await assertRefused(removed, 'member.not_found');
      }
      for (const each of [mine, theirs]) {
        assert.deepEqual(await harness.members.list(each.organization.id, { limit: 9 }), [listed(each.owner)]);
        assert.deepEqual(await harness.auditLog.list(each.organization.id, { limit: 9 }), [each.event]);
        assert.notEqual(await harness.apiKeys.findCredential(each.apiKey.keyPrefix), null);
      }
    },
  },
  {
    promise: 'remove takes the keys and secrets of the member alone, counts them, and leaves the audit log',
    async run(harness) {
      const { organization, owner, apiKey, event: created } = await storedOrganization(harness);
      const { member, event: added } = await storedMember(harness, organization.id);
      const keys = [aNewApiKey(member), aNewApiKey(member)];
      for (const key of keys) await harness.apiKeys.insert(key);
      const event = anAuditEvent({ organizationId: organization.id, type: 'member.removed' });
      await harness.members.remove(
        organization.id,
        member.id,
        (current, count) => {
          assert.deepEqual(current, listed(member));
          assert.deepEqual(count, { apiKeys: 2 });
          return event;
        },
        termsIn(organization.id),
      );
      assert.equal(await harness.members.find(organization.id, member.id), null);
      for (const key of keys) {
        assert.equal(await harness.apiKeys.findCredential(key.apiKey.keyPrefix), null);
        assert.equal(await harness.apiKeys.find(organization.id, key.apiKey.id), null);
      }
      assert.deepEqual(await harness.members.list(organization.id, { limit: 9 }), [listed(owner)]);
      assert.deepEqual(await harness.apiKeys.list(organization.id), [apiKey]);
      const events = await harness.auditLog.list(organization.id, { limit: 9 });
      const [first, second] = keys;
      assert.deepEqual(events, [event, second?.event, first?.event, added, created]);
    },
  },
  ...[false, true].map((revokeDescendants): ContractCase<RepositoryHarness> => ({
    promise: `what keys of a removed member made for others ${revokeDescendants ? 'is revoked, if the policy says so, and ' : ''}counts as made by what made them`,
    async run(harness) {
      const policy = { ...NO_POLICY, revokeDescendants };
      const { organization, owner, apiKey: root } = await storedOrganization(harness, aNewOrganization({ policy }));
      const { member } = await storedMember(harness, organization.id);
      const made = async (by: KeyCreator, of: Member, fields: Partial<ApiKey> = {}) => {
        const created = aNewApiKey(of, { ...fields, createdBy: by });
        await harness.apiKeys.insert(created);
        return created.apiKey;
      };
      const by = ({ id }: ApiKey) => ({ type: 'api_key', id }) as const;
      const first = await made(by(root), member);
      const second = await made(by(first), member, { revokedAt: CHANGED_AT });
      const child = await made(by(second), owner);
      const gone = await made(by(second), owner, { revokedAt: CHANGED_AT });
      const below = await made(by(gone), owner);
      const operated = await made({ type: 'operator', id: null }, member);
      const orphan = await made(by(operated), owner);
      const event = anAuditEvent({ organizationId: organization.id, type: 'member.removed', occurredAt: CHANGED_AT });
      await remove(harness, organization.id, member.id, event);
      const stored = async ({ id }: ApiKey) => (await harness.apiKeys.find(organization.id, id))?.apiKey;
      const revokedAt = revokeDescendants ? CHANGED_AT : null;
      assert.deepEqual(await stored(child), child.with({ createdBy: by(root), revokedAt }));
      assert.deepEqual(await stored(gone), gone.with({ createdBy: by(root) }));
      assert.deepEqual(await stored(below), below.with({ revokedAt }));
      assert.deepEqual(await stored(orphan), orphan.with({ createdBy: operated.createdBy, revokedAt }));
      const events = await harness.auditLog.list(organization.id, { limit: 99, type: 'api_key.revoked' });
      const told = new Map(events.map(({ apiKeyId, changes }) => [apiKeyId, changes['cascade_of']]));
      const expected = [child, below].map(({ id }) => [id, second.id] as const);
      assert.deepEqual(told, new Map(revokeDescendants ? [...expected, [orphan.id, operated.id]] : []));
    },
  })),
  {
    promise: 'a key of a member that was removed is refused with member.not_found, also while both happen',
    async run(harness) {
      const { organization } = await storedOrganization(harness);
      for (let round = 0; round < 4; round += 1) {
        const { member } = await storedMember(harness, organization.id);
        const removed = remove(harness, organization.id, member.id);
        const key = aNewApiKey(member);
        const [inserted] = await Promise.allSettled([harness.apiKeys.insert(key), removed]);
        await removed;
        if (inserted.status === 'rejected') {
          assert.equal((inserted.reason as { readonly code?: string }).code, 'member.not_found');
        }
        assert.equal(await harness.apiKeys.findCredential(key.apiKey.keyPrefix), null);
        await assertRefused(harness.apiKeys.insert(aNewApiKey(member)), 'member.not_found');
      }
    },
  },
];

function remove(
  { members }: RepositoryHarness,
  organizationId: string,
  memberId: string,
  event = anAuditEvent({ organizationId, type: 'member.removed' }),
): Promise<void> {
  return members.remove(organizationId, memberId, () => event, termsIn(organizationId));
}

function termsIn(organizationId: string): EndingEvents['descendantsOf'] {
  return (id) => ({
    eventOf: ({ id: apiKeyId, keyPrefix }) =>
      anAuditEvent({ organizationId, type: 'api_key.revoked', apiKeyId, keyPrefix, changes: { cascade_of: id } }),
  });
}

function listed(member: Member): ListedMember {
  return { ...member, updatedAt: member.createdAt };
}

async function storedMember({ members }: RepositoryHarness, organizationId: string, fields: Partial<Member> = {}) {
  const member = aMember({ organizationId, ...fields });
  const created = { member, event: anAuditEvent({ organizationId, type: 'member.created' }) };
  await members.insert(created);
  return created;
}
