import assert from 'node:assert/strict';
import { anApiKey, anAuditEvent, anId, aNewApiKey, aRevocationOf } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 16;

/** What `ApiKeyRepository.insert` promises. */
export const apiKeyInsertContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert refuses a taken id with api_key.conflict, leaves the old row alone and writes no half',
    async run(harness) {
      const { owner, apiKey, organization, secret } = await storedOrganization(harness);
      const intruder = aNewApiKey(owner, { id: apiKey.id, name: 'intruder' });
      await assertRefused(harness.apiKeys.insert(intruder), 'api_key.conflict');
      const stored = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(stored, { organization, member: owner, apiKey, secret });
      assert.equal(await harness.apiKeys.findCredential(intruder.secret.keyPrefix), null);
    },
  },
  {
    promise: 'insert refuses a taken public part with api_key.conflict, also that of another organization',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const intruder = aNewApiKey(mine.owner, { keyPrefix: theirs.apiKey.keyPrefix });
      await assertRefused(harness.apiKeys.insert(intruder), 'api_key.conflict');
      const stored = await harness.apiKeys.findCredential(theirs.apiKey.keyPrefix);
      assert.deepEqual(stored?.apiKey, theirs.apiKey);
      assert.deepEqual(stored.secret, theirs.secret);
      assert.deepEqual(await harness.apiKeys.list(mine.organization.id), [mine.apiKey]);
    },
  },
  {
    promise: 'insert stores the key, its secret and its event together or not at all',
    async run(harness) {
      const { owner, apiKey, organization, secret, event } = await storedOrganization(harness);
      const created = aNewApiKey(owner);
      const half = aNewApiKey(owner, created.apiKey, { id: secret.id });
      await assertRefused(harness.apiKeys.insert(half), 'api_key.conflict');
      await assert.rejects(harness.apiKeys.insert({ ...created, event }));
      await assert.rejects(harness.apiKeys.insert({ ...created, event: anAuditEvent() }));
      assert.deepEqual(await harness.apiKeys.list(organization.id), [apiKey]);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
      await harness.apiKeys.insert(created);
      assert.notEqual(await harness.apiKeys.findCredential(created.apiKey.keyPrefix), null);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [created.event, event]);
    },
  },
  {
    promise: 'insert refuses the public part of a revoked key too',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const intruder = aNewApiKey(owner, { keyPrefix: apiKey.keyPrefix });
      await assertRefused(harness.apiKeys.insert(intruder), 'api_key.conflict');
    },
  },
  {
    promise: 'insert refuses a key issued by a revoked one with authentication.required, and stores nothing',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const created = aNewApiKey(owner);
      await harness.apiKeys.insert(created, { issuedBy: apiKey });
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const late = aNewApiKey(owner);
      await assertRefused(harness.apiKeys.insert(late, { issuedBy: apiKey }), 'authentication.required');
      assert.equal(await harness.apiKeys.findCredential(late.secret.keyPrefix), null);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId), [created.apiKey]);
    },
  },
  {
    promise: 'insert refuses a key issued by one that does not exist',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      await assertRefused(
        harness.apiKeys.insert(aNewApiKey(owner), { issuedBy: anApiKey() }),
        'authentication.required',
      );
    },
  },
  {
    promise: 'no key is there that was issued after its issuer was revoked, however the two race',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const contenders = Array.from({ length: CONCURRENT }, () => aNewApiKey(owner));
      const early = contenders.map((each) => harness.apiKeys.insert(each, { issuedBy: apiKey }).catch(() => undefined));
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const atRevocation = await harness.apiKeys.list(owner.organizationId);
      await Promise.all(early);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId), atRevocation);
    },
  },
  {
    promise: 'concurrent inserts are all there afterwards',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const created = Array.from({ length: CONCURRENT }, () => aNewApiKey(owner));
      await Promise.all(created.map((each) => harness.apiKeys.insert(each)));
      const listed = await harness.apiKeys.list(owner.organizationId);
      const expected = [apiKey, ...created.map((each) => each.apiKey)].map((each) => each.id);
      assert.deepEqual(new Set(listed.map((each) => each.id)), new Set(expected));
    },
  },
  {
    promise: 'of concurrent inserts with one public part exactly one succeeds',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const { keyPrefix } = aNewApiKey(owner).apiKey;
      const contenders = Array.from({ length: CONCURRENT }, () => aNewApiKey(owner, { keyPrefix }));
      const outcomes = await Promise.allSettled(contenders.map((each) => harness.apiKeys.insert(each)));
      const winner = contenders[outcomes.findIndex((outcome) => outcome.status === 'fulfilled')];
      assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
      assert.deepEqual((await harness.apiKeys.findCredential(keyPrefix))?.apiKey, winner?.apiKey);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId), [winner?.apiKey, apiKey]);
    },
  },
  {
    promise: 'a failed insert among concurrent ones takes none of them with it',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const good = Array.from({ length: CONCURRENT }, () => aNewApiKey(owner));
      const attempts = good.flatMap((each) => [each, aNewApiKey(owner, { id: anId(), keyPrefix: apiKey.keyPrefix })]);
      const outcomes = await Promise.allSettled(attempts.map((each) => harness.apiKeys.insert(each)));
      assert.deepEqual(
        outcomes.map((outcome) => outcome.status),
        good.flatMap(() => ['fulfilled', 'rejected']),
      );
      const listed = await harness.apiKeys.list(owner.organizationId);
      assert.deepEqual(
        new Set(listed.map((each) => each.id)),
        new Set([apiKey.id, ...good.map((each) => each.apiKey.id)]),
      );
    },
  },
];
