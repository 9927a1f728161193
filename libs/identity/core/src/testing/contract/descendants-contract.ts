import assert from 'node:assert/strict';
import type { DescendantTerms, NewApiKey } from '../../application/ports/api-key-repository.js';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import { aKeyPrefix, anAuditEvent, anId, aNewApiKey, aNewOrganization, aRevocationOf, aSecretOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');
const BEFORE = new Date('2026-03-04T05:06:07.088Z');
const NONE = { count: 0, isComplete: true };
const CONCURRENT = 64;

/** What `ApiKeyRepository.revoke` and `revokeUnused` promise of the keys that a key made. */
export const descendantsContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a cascade revokes a key and all that it made, however deep, disabled, expired and behind a revoked one',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const sibling = await made(harness, owner, root);
      const top = await made(harness, owner, root);
      const disabled = await made(harness, owner, top, { disabledAt: BEFORE });
      const expired = await made(harness, owner, disabled, { expiresAt: BEFORE });
      const revoked = await made(harness, owner, top, { revokedAt: BEFORE });
      const behind = await made(harness, owner, revoked);
      const deep = await made(harness, owner, await made(harness, owner, behind));
      const { organizationId } = owner;
      const revocation = await harness.apiKeys.revoke(organizationId, top.id, aRevocationOf(top, AT), cascadeOf(top));
      assert.deepEqual(revocation, { revokedDescendants: 5, livingDescendants: NONE });
      assert.deepEqual(await unrevokedIds(harness, owner), new Set([root.id, sibling.id]));
      for (const each of [top, disabled, expired, behind, deep]) {
        assert.deepEqual(await revokedAt(harness, each), AT);
      }
      assert.deepEqual(await revokedAt(harness, revoked), BEFORE);
    },
  },
  {
    promise: 'each key that a cascade revokes has one event with its own public part',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const child = await made(harness, owner, root);
      const grandchild = await made(harness, owner, child);
      await harness.apiKeys.revoke(owner.organizationId, root.id, aRevocationOf(root, AT), cascadeOf(root));
      const events = await revocations(harness, owner);
      const told = (id: string) =>
        events
          .filter(({ apiKeyId }) => apiKeyId === id)
          .map(({ keyPrefix, occurredAt, changes }) => ({ keyPrefix, occurredAt, changes }));
      assert.equal(events.length, 3);
      for (const { id, keyPrefix } of [child, grandchild]) {
        assert.deepEqual(told(id), [{ keyPrefix, occurredAt: AT, changes: { cascade_of: root.id } }]);
      }
      assert.deepEqual(told(root.id), [{ keyPrefix: root.keyPrefix, occurredAt: AT, changes: {} }]);
    },
  },
  {
    promise: 'without a cascade descendants live on, and those are counted that are neither revoked nor expired',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const child = await made(harness, owner, root, { revokedAt: BEFORE });
      await made(harness, owner, child, { disabledAt: BEFORE });
      await made(harness, owner, await made(harness, owner, child, { expiresAt: AT }));
      const terms = cascadeOf(root, false);
      const revocation = await harness.apiKeys.revoke(owner.organizationId, root.id, aRevocationOf(root, AT), terms);
      assert.deepEqual(revocation, { revokedDescendants: 0, livingDescendants: { count: 2, isComplete: true } });
      assert.equal((await unrevokedIds(harness, owner)).size, 3);
      assert.equal((await revocations(harness, owner)).length, 1);
    },
  },
  {
    promise: 'the policy has every revocation cascade, also that of an unused key',
    async run(harness) {
      const { owner, apiKey: root, ...created } = withPolicy(aNewOrganization());
      await storedOrganization(harness, { owner, apiKey: root, ...created });
      const { organizationId } = owner;
      const [one, other] = [await made(harness, owner, root), await made(harness, owner, root)];
      await made(harness, owner, one);
      const used = await made(harness, owner, other, { createdAt: AT });
      const terms = cascadeOf(one, false);
      const revocation = await harness.apiKeys.revoke(organizationId, one.id, aRevocationOf(one, AT), terms);
      assert.deepEqual(revocation, { revokedDescendants: 1, livingDescendants: NONE });
      const event = aRevocationOf(used, AT);
      assert.equal(
        await harness.apiKeys.revokeUnused(organizationId, used.id, AT, event, cascadeOf(used, false)),
        null,
      );
      assert.deepEqual(await unrevokedIds(harness, owner), new Set([root.id, other.id, used.id]));
      assert.deepEqual(
        await harness.apiKeys.revokeUnused(
          organizationId,
          other.id,
          AT,
          aRevocationOf(other, AT),
          cascadeOf(other, false),
        ),
        { revokedDescendants: 1, livingDescendants: NONE },
      );
      assert.deepEqual(await unrevokedIds(harness, owner), new Set([root.id]));
    },
  },
  {
    promise: 'a cascade of a key that was revoked before ends its descendants, and leaves the key as it was',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const { organizationId } = owner;
      await made(harness, owner, await made(harness, owner, root));
      await harness.apiKeys.revoke(organizationId, root.id, aRevocationOf(root, BEFORE));
      const again = () => harness.apiKeys.revoke(organizationId, root.id, aRevocationOf(root, AT), cascadeOf(root));
      assert.deepEqual(await again(), { revokedDescendants: 2, livingDescendants: NONE });
      assert.deepEqual(await again(), { revokedDescendants: 0, livingDescendants: NONE });
      assert.deepEqual(await revokedAt(harness, root), BEFORE);
      assert.equal((await revocations(harness, owner)).length, 3);
      const terms = cascadeOf(root, false);
      assert.equal(await harness.apiKeys.revoke(organizationId, root.id, aRevocationOf(root, AT), terms), null);
    },
  },
  {
    promise: "a cascade ends nothing of another organization's key or an unknown one",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const child = await made(harness, theirs.owner, theirs.apiKey);
      for (const apiKey of [theirs.apiKey, aNewApiKey(mine.owner).apiKey]) {
        const event = aRevocationOf(apiKey.with({ organizationId: mine.organization.id }), AT);
        const { apiKeys } = harness;
        assert.equal(await apiKeys.revoke(mine.organization.id, apiKey.id, event, cascadeOf(apiKey)), null);
      }
      assert.deepEqual(await unrevokedIds(harness, theirs.owner), new Set([theirs.apiKey.id, child.id]));
      assert.deepEqual(await revocations(harness, mine.owner), []);
    },
  },
  {
    promise: 'a key that is rotated keeps its descendants',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      await made(harness, owner, root);
      const secret = aSecretOf(root, { keyPrefix: aKeyPrefix() });
      await harness.apiKeys.change(owner.organizationId, root.id, ({ apiKey }) => ({
        event: anAuditEvent({ organizationId: owner.organizationId, apiKeyId: root.id }),
        apiKey: apiKey.with({ keyPrefix: secret.keyPrefix }),
        rotation: { secret, previousValidUntil: AT },
      }));
      const revocation = await harness.apiKeys.revoke(
        owner.organizationId,
        root.id,
        aRevocationOf(root, AT),
        cascadeOf(root),
      );
      assert.equal(revocation?.revokedDescendants, 1);
    },
  },
  {
    promise: 'a cascade revokes everything or nothing',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const children = [await made(harness, owner, root), await made(harness, owner, root)];
      const { id } = aRevocationOf(root);
      const twice: DescendantTerms = {
        cascade: true,
        eventOf: (descendant) => ({ ...cascadeOf(root).eventOf(descendant), id }),
      };
      await assert.rejects(harness.apiKeys.revoke(owner.organizationId, root.id, aRevocationOf(root, AT), twice));
      assert.deepEqual(await unrevokedIds(harness, owner), new Set([root, ...children].map((each) => each.id)));
      assert.deepEqual(await revocations(harness, owner), []);
    },
  },
  {
    promise: 'of 64 keys that are made by keys of a tree during a cascade of it, none lives on',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const { organizationId } = owner;
      const tree = [await made(harness, owner, root)];
      for (let i = 0; i < 7; i += 1) tree.push(await made(harness, owner, tree[Math.floor(i / 2)] as ApiKey));
      const [top] = tree as [ApiKey];
      const mint = async (issuer: ApiKey, left: number): Promise<void> => {
        const created = childOf(owner, issuer);
        await harness.apiKeys.insert(created, { issuedBy: issuer });
        if (left > 0) await mint(created.apiKey, left - 1);
      };
      const mints = Array.from({ length: CONCURRENT }, async (_, i) => {
        await mint(tree[i % tree.length] as ApiKey, 3).catch((error: unknown) => {
          assert.ok(error instanceof IdentityError && error.code === 'authentication.required', String(error));
        });
      });
      // Some of them are there, some under way, and some not begun.
      await mints[0];
      const event = aRevocationOf(top, AT);
      assert.notEqual(await harness.apiKeys.revoke(organizationId, top.id, event, cascadeOf(top)), null);
      await Promise.all(mints);
      assert.deepEqual(await unrevokedIds(harness, owner), new Set([root.id]));
    },
  },
  {
    promise: 'two cascades that meet revoke each key once',
    async run(harness) {
      const { owner, apiKey: root } = await storedOrganization(harness);
      const tree = [await made(harness, owner, root)];
      for (let i = 0; i < 20; i += 1) tree.push(await made(harness, owner, tree[i] as ApiKey));
      const { organizationId } = owner;
      const ends = [root, ...tree].map((each) =>
        harness.apiKeys.revoke(organizationId, each.id, aRevocationOf(each, AT), cascadeOf(each)),
      );
      await Promise.all(ends);
      assert.deepEqual(await unrevokedIds(harness, owner), new Set());
      const events = await revocations(harness, owner);
      assert.deepEqual([events.length, new Set(events.map(({ apiKeyId }) => apiKeyId)).size], [22, 22]);
    },
  },
];

function childOf(
  owner: NewOrganization['owner'],
  { id }: Pick<ApiKey, 'id'>,
  { revokedAt = null, ...fields }: Partial<ApiKey> = {},
): NewApiKey {
  return aNewApiKey(owner, { createdAt: BEFORE, createdBy: { type: 'api_key', id }, revokedAt, ...fields });
}

async function made(
  { apiKeys }: RepositoryHarness,
  owner: NewOrganization['owner'],
  creator: ApiKey,
  fields: Partial<ApiKey> = {},
): Promise<ApiKey> {
  const created = childOf(owner, creator, fields);
  await apiKeys.insert(created);
  return created.apiKey;
}

function withPolicy(created: NewOrganization): NewOrganization {
  const { organization } = created;
  const policy = { ...organization.policy, revokeDescendants: true };
  return { ...created, organization: { ...organization, policy } };
}

function cascadeOf({ id, organizationId }: ApiKey, cascade = true): DescendantTerms {
  return {
    cascade,
    eventOf: (descendant) => ({
      ...anAuditEvent({ organizationId, type: 'api_key.revoked', occurredAt: AT }),
      id: anId(),
      apiKeyId: descendant.id,
      keyPrefix: descendant.keyPrefix,
      changes: { cascade_of: id },
    }),
  };
}

async function unrevokedIds(
  { apiKeys }: RepositoryHarness,
  { organizationId }: NewOrganization['owner'],
): Promise<Set<string>> {
  return new Set((await apiKeys.list(organizationId)).map(({ id }) => id));
}

async function revokedAt({ apiKeys }: RepositoryHarness, { organizationId, id }: ApiKey): Promise<Date | null> {
  return (await apiKeys.find(organizationId, id))?.apiKey.revokedAt ?? null;
}

async function revocations(
  { auditLog }: RepositoryHarness,
  { organizationId }: NewOrganization['owner'],
): Promise<AuditEvent[]> {
  return [...(await auditLog.list(organizationId, { limit: 999, type: 'api_key.revoked' }))];
}
