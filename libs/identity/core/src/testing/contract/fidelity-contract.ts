import assert from 'node:assert/strict';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { aMember, anId, aNewApiKey, aNewOrganization, aSecretOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization } from './repository-harness.js';

/** Text that databases and drivers have been known to change. */
const UNUSUAL_TEXTS: readonly string[] = [
  'naïve café ÅÄÖ ß',
  'e\u0301 is not \u00e9',
  '👩🏽‍🚀 in 宇宙, \u200f right to left',
  `'; DROP TABLE api_keys; -- " \\ \` $1 :name ?`,
  '  spaces around, tab\t, newline\r\n ',
  '%_*[]{}<script>&amp;',
  '\u0001\u001f\u007f\ufeff\uffff',
  'null',
  '42',
  'x'.repeat(255),
];

const INSTANTS: readonly string[] = [
  '2026-01-02T03:04:05.000Z',
  '2026-01-02T03:04:05.001Z',
  '2026-01-02T03:04:05.999Z',
  '2026-03-29T01:30:00.500Z',
  '1970-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
];

const GRANTS: readonly ScopeGrant[] = [
  ScopeGrant.unrestricted(),
  ScopeGrant.of([]),
  ScopeGrant.of(['*']),
  ScopeGrant.of(['keys:read', 'keys:write']),
  ScopeGrant.of(['keys:write', 'keys:read', 'keys:write']),
  ScopeGrant.of(['a,b', '["c"]', '"', '', ' ', 'ü👍']),
];

/** A value comes back from the store as it went in. */
export const fidelityContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'instants come back to the millisecond',
    async run(harness) {
      for (const instant of INSTANTS.map((text) => new Date(text))) {
        const organization = aNewOrganization({ createdAt: instant, disabledAt: instant });
        await storedOrganization(harness, organization);
        const [expiresAt, disabledAt, revokedAt, lastUsedAt] = [instant, instant, instant, instant];
        const fields = { createdAt: instant, expiresAt, disabledAt, revokedAt, lastUsedAt };
        const created = aNewApiKey(organization.owner, fields, { validUntil: instant, lastUsedAt });
        const { apiKey, secret } = created;
        await harness.apiKeys.insert(created);
        const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
        const { organization: expected, owner } = organization;
        assert.deepEqual(found, { organization: expected, member: owner, apiKey, secret });
      }
    },
  },
  {
    promise: 'unusual but storable text comes back unchanged',
    async run(harness) {
      for (const text of UNUSUAL_TEXTS) {
        const base = aNewOrganization({ name: text });
        const owner = aMember({ ...base.owner, externalId: text, email: text, displayName: text });
        await storedOrganization(harness, { ...base, owner });
        const fields = { name: text, grant: ScopeGrant.of([text]) };
        const created = aNewApiKey(owner, fields, { hash: text, proof: text });
        const { apiKey, secret } = created;
        await harness.apiKeys.insert(created);
        const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
        assert.deepEqual(found, { organization: base.organization, member: owner, apiKey, secret });
      }
    },
  },
  {
    promise: 'a grant comes back with its scopes in order and its unrestricted flag',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      for (const grant of GRANTS) {
        const created = aNewApiKey(owner, { grant });
        await harness.apiKeys.insert(created);
        const found = await harness.apiKeys.findCredential(created.apiKey.keyPrefix);
        assert.deepEqual(found?.apiKey.grant, grant);
      }
    },
  },
  {
    promise: 'what describes and limits a key comes back as it is',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const described = aNewApiKey(owner, {
        description: 'naïve 👍',
        labels: ['b', 'a,"b"'],
        metadata: { plan: 'pro', nested: { list: [1, 1.5, true, null, 'ü'] } },
        rateLimit: { requests: 1, seconds: 86_400 },
        quota: { requests: 2_000_000_000, period: 'month' },
        allowedNetworks: ['192.0.2.0/24', '2001:db8::/32'],
        createdBy: { type: 'api_key', id: anId() },
      });
      const plain = aNewApiKey(owner, { allowedNetworks: [], createdBy: null });
      for (const created of [described, plain]) {
        await harness.apiKeys.insert(created);
        const { apiKey } = created;
        assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey, apiKey);
        assert.deepEqual((await harness.apiKeys.find(owner.organizationId, apiKey.id))?.apiKey, apiKey);
        const listed = await harness.apiKeys.list(owner.organizationId);
        assert.deepEqual(
          listed.find(({ id }) => id === apiKey.id),
          apiKey,
        );
      }
    },
  },
  {
    promise: 'a disabled member comes back with the instant of it',
    async run(harness) {
      const base = aNewOrganization();
      const owner = aMember({ ...base.owner, disabledAt: new Date('2026-01-02T03:04:05.678Z') });
      await storedOrganization(harness, { ...base, owner });
      assert.deepEqual((await harness.apiKeys.findCredential(base.apiKey.keyPrefix))?.member, owner);
    },
  },
  {
    promise: 'what may be absent comes back as null',
    async run(harness) {
      const base = aNewOrganization();
      const owner = aMember({ ...base.owner, email: null, displayName: null });
      const secret = aSecretOf(base.apiKey, { hash: null });
      await storedOrganization(harness, { ...base, owner, secret });
      const found = await harness.apiKeys.findCredential(base.apiKey.keyPrefix);
      assert.deepEqual(found, { organization: base.organization, member: owner, apiKey: base.apiKey, secret });
    },
  },
  {
    promise: 'a stored value does not change with the object it came from',
    async run(harness) {
      const expiresAt = new Date('2030-01-01T00:00:00.000Z');
      const { owner } = await storedOrganization(harness);
      const created = aNewApiKey(owner, { expiresAt: new Date(expiresAt) });
      const { apiKey } = created;
      await harness.apiKeys.insert(created);
      apiKey.expiresAt?.setTime(0);
      const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(found?.apiKey.expiresAt, expiresAt);
    },
  },
];
