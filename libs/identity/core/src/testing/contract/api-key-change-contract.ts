import assert from 'node:assert/strict';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anAuditEvent, aNewApiKey, anId, aRevocationOf } from '../builders.js';
import { copyApiKey } from '../fakes/copies.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');
const UNTOUCHED = { grant: ScopeGrant.of(['a:b']), name: 'before' };

/** What `ApiKeyRepository.change` promises, apart from rotations and races. */
export const apiKeyChangeContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'change writes what describes and limits a key, its end and being disabled, and nothing else of it',
    async run(harness) {
      const { organization, apiKey, secret, owner } = await storedOrganization(harness);
      const described = { name: 'é "x"', description: 'ü', labels: ['b', 'a'], metadata: { a: [1] } };
      const limits = {
        rateLimit: { requests: 5, seconds: 6 },
        quota: { requests: 7, period: 'day' as const },
        allowedNetworks: ['192.0.2.0/24'],
      };
      const changes = {
        ...described,
        ...limits,
        grant: ScopeGrant.of(['b:c', 'a:*']),
        expiresAt: AT,
        disabledAt: AT,
      };
      const others = {
        keyPrefix: anId(),
        memberId: anId(),
        createdAt: AT,
        revokedAt: AT,
        lastUsedAt: AT,
        createdBy: null,
      };
      const event = anAuditEvent({ organizationId: organization.id, apiKeyId: apiKey.id, changes: { name: 'x' } });
      const answer = await harness.apiKeys.change(organization.id, apiKey.id, (current) => {
        assert.deepEqual(current, { apiKey, secrets: [secret] });
        return { event, apiKey: copyApiKey(current.apiKey, { ...changes, ...others }) };
      });
      const expected = { apiKey: copyApiKey(apiKey, changes), secrets: [secret] };
      assert.deepEqual(answer, expected);
      assert.deepEqual(await harness.apiKeys.find(organization.id, apiKey.id), expected);
      const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(found, { organization, member: owner, apiKey: expected.apiKey, secret });
    },
  },
  {
    promise: 'change takes back an end and being disabled, and widens to an unrestricted grant',
    async run(harness) {
      const { organization, owner } = await storedOrganization(harness);
      const { apiKey, ...created } = aNewApiKey(owner, { ...UNTOUCHED, expiresAt: AT, disabledAt: AT });
      await harness.apiKeys.insert({ apiKey, ...created });
      const changes = { expiresAt: null, disabledAt: null, grant: ScopeGrant.unrestricted() };
      const event = anAuditEvent({ organizationId: organization.id });
      await harness.apiKeys.change(organization.id, apiKey.id, () => ({ event, apiKey: apiKey.with(changes) }));
      const found = await harness.apiKeys.find(organization.id, apiKey.id);
      assert.deepEqual(found?.apiKey, copyApiKey(apiKey, changes));
    },
  },
  {
    promise: 'change writes its event, as it is, and touches no other key',
    async run(harness) {
      const { organization, owner, apiKey, secret, event: created } = await storedOrganization(harness);
      const neighbour = aNewApiKey(owner, UNTOUCHED);
      await harness.apiKeys.insert(neighbour);
      const event = anAuditEvent({
        organizationId: organization.id,
        apiKeyId: apiKey.id,
        keyPrefix: 'as it is told',
        changes: { name: 'after' },
      });
      await harness.apiKeys.change(organization.id, apiKey.id, () => ({
        event,
        apiKey: apiKey.with({ name: 'after' }),
      }));
      const events = await harness.auditLog.list(organization.id, { limit: 9 });
      assert.deepEqual(events, [event, neighbour.event, created]);
      const found = await harness.apiKeys.find(organization.id, neighbour.apiKey.id);
      assert.deepEqual(found, { apiKey: neighbour.apiKey, secrets: [neighbour.secret] });
      assert.deepEqual((await harness.apiKeys.find(organization.id, apiKey.id))?.secrets, [secret]);
    },
  },
  {
    promise: 'change writes nothing where it is decided so, by null or by a throw, which it passes on',
    async run(harness) {
      const { organization, apiKey, secret, event } = await storedOrganization(harness);
      const stored = { apiKey, secrets: [secret] };
      assert.deepEqual(await harness.apiKeys.change(organization.id, apiKey.id, () => null), stored);
      const refusal = new Error('refused');
      const refused = harness.apiKeys.change(organization.id, apiKey.id, () => {
        throw refusal;
      });
      await assert.rejects(refused, (error) => error === refusal);
      assert.deepEqual(await harness.apiKeys.find(organization.id, apiKey.id), stored);
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
    },
  },
  {
    promise: 'change and its event are stored together or not at all',
    async run(harness) {
      const { organization, apiKey, secret, event: taken } = await storedOrganization(harness);
      const renamed = apiKey.with({ name: 'half' });
      const broken = anAuditEvent({ organizationId: anId() });
      for (const event of [taken, broken]) {
        const half = harness.apiKeys.change(organization.id, apiKey.id, () => ({ event, apiKey: renamed }));
        await assert.rejects(half);
      }
      const stored = { apiKey, secrets: [secret] };
      assert.deepEqual(await harness.apiKeys.find(organization.id, apiKey.id), stored);
    },
  },
  {
    promise: "change refuses an unknown id, another organization's key and a revoked one with api_key.not_found",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const revoked = aNewApiKey(mine.owner);
      await harness.apiKeys.insert(revoked);
      await harness.apiKeys.revoke(mine.organization.id, revoked.apiKey.id, aRevocationOf(revoked.apiKey, AT));
      for (const { id } of [{ id: anId() }, theirs.apiKey, revoked.apiKey]) {
        const refused = harness.apiKeys.change(mine.organization.id, id, () => {
          throw new Error('asked about a key that cannot be changed');
        });
        await assertRefused(refused, 'api_key.not_found');
      }
    },
  },
];
