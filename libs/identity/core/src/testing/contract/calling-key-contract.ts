import assert from 'node:assert/strict';
import { ScopeGrant } from '../../domain/scope-grant.js';
import type { IdentityErrorCode } from '../../domain/identity-error.js';
import { aKeyPrefix, anAuditEvent, aNewApiKey, aNewOrganization, aSecretOf } from '../builders.js';
import type { ApiKey } from '../../domain/api-key.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const END = new Date('2030-01-01T00:00:00.000Z');
const SCOPES = ScopeGrant.of(['orders:read', 'orders:write']);

/** What may happen to a key between a request's authentication and what is written on its word. */
const CHANGES: readonly (readonly [what: string, IdentityErrorCode, Partial<ApiKey>])[] = [
  ['was disabled', 'authentication.required', { disabledAt: END }],
  ['lost a scope', 'caller.changed', { grant: ScopeGrant.of(['orders:read']) }],
  ['got a scope', 'caller.changed', { grant: ScopeGrant.of([...SCOPES.scopes, 'orders:delete']) }],
  ['became unrestricted', 'caller.changed', { grant: ScopeGrant.unrestricted() }],
  ['ends earlier', 'caller.changed', { expiresAt: new Date(END.getTime() - 1) }],
  ['has no end any more', 'caller.changed', { expiresAt: null }],
  ['got a rate limit', 'caller.changed', { rateLimit: { requests: 1, seconds: 60 } }],
  ['got a quota', 'caller.changed', { quota: { requests: 1, period: 'day' } }],
  ['got networks', 'caller.changed', { allowedNetworks: ['192.0.2.0/24'] }],
];

const changedIssuerCases = CHANGES.map(([what, code, changes]): ContractCase<RepositoryHarness> => ({
  promise: `insert and change refuse the word of a key that ${what} with ${code}, and write nothing`,
  async run(harness) {
    const { owner, issuer, other } = await storedIssuer(harness);
    await rewrite(harness, issuer, changes);
    const created = aNewApiKey(owner);
    await assertRefused(harness.apiKeys.insert(created, { issuedBy: issuer }), code);
    await assertRefused(rewrite(harness, other, { name: 'changed' }, issuer), code);
    assert.equal(await harness.apiKeys.find(owner.organizationId, created.apiKey.id), null);
    assert.deepEqual((await harness.apiKeys.find(owner.organizationId, other.id))?.apiKey, other);
    const events = await harness.auditLog.list(owner.organizationId, { limit: 100, apiKeyId: created.apiKey.id });
    assert.deepEqual(events, []);
  },
}));

/** What `ApiKeyRepository.insert` and `change` promise about the key on whose word they act. */
export const callingKeyContract: readonly ContractCase<RepositoryHarness>[] = [
  ...changedIssuerCases,
  {
    promise: 'insert and change refuse the word of a key that was rotated with caller.changed',
    async run(harness) {
      const { owner, issuer, other } = await storedIssuer(harness);
      const secret = aSecretOf(issuer, { keyPrefix: aKeyPrefix() });
      const event = anAuditEvent({ organizationId: owner.organizationId, apiKeyId: issuer.id });
      await harness.apiKeys.change(owner.organizationId, issuer.id, ({ apiKey }) => ({
        event,
        apiKey: apiKey.with({ keyPrefix: secret.keyPrefix }),
        rotation: { secret, previousValidUntil: new Date(0) },
      }));
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { issuedBy: issuer }), 'caller.changed');
      await assertRefused(rewrite(harness, other, { name: 'changed' }, issuer), 'caller.changed');
    },
  },
  {
    promise:
      'insert and change go by the scopes, end, secret, limits and networks of the calling key, and by nothing else of it',
    async run(harness) {
      const { owner, issuer, other } = await storedIssuer(harness);
      await rewrite(harness, issuer, { name: 'renamed', disabledAt: END });
      await rewrite(harness, issuer, { name: 'renamed', disabledAt: null });
      await harness.apiKeys.recordLastUsed(new Map([[issuer.id, END]]));
      const created = aNewApiKey(owner);
      await harness.apiKeys.insert(created, { issuedBy: issuer });
      await rewrite(harness, other, { name: 'changed' }, issuer);
      assert.notEqual(await harness.apiKeys.find(owner.organizationId, created.apiKey.id), null);
      assert.equal((await harness.apiKeys.find(owner.organizationId, other.id))?.apiKey.name, 'changed');
    },
  },
  {
    promise: 'insert and change take null for a calling key, as for the operator',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.insert(aNewApiKey(owner), { issuedBy: null });
      await rewrite(harness, apiKey, { name: 'changed' });
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 2);
    },
  },
  {
    promise: 'insert refuses the word of a key whose member is disabled with authentication.required',
    async run(harness) {
      const base = aNewOrganization();
      const owner = { ...base.owner, disabledAt: END };
      await storedOrganization(harness, { ...base, owner });
      await assertRefused(
        harness.apiKeys.insert(aNewApiKey(owner), { issuedBy: base.apiKey }),
        'authentication.required',
      );
    },
  },
  {
    promise: "insert and change refuse the word of another organization's key with authentication.required",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const created = aNewApiKey(mine.owner);
      await assertRefused(harness.apiKeys.insert(created, { issuedBy: theirs.apiKey }), 'authentication.required');
      await assertRefused(rewrite(harness, mine.apiKey, {}, theirs.apiKey), 'authentication.required');
      assert.deepEqual(await harness.apiKeys.list(mine.organization.id), [mine.apiKey]);
    },
  },
];

/** Stores a key that may issue others, and one that it may change. */
async function storedIssuer(harness: RepositoryHarness) {
  const { owner, apiKey: other } = await storedOrganization(harness);
  const issuer = aNewApiKey(owner, { grant: SCOPES, expiresAt: END });
  await harness.apiKeys.insert(issuer);
  return { owner, issuer: issuer.apiKey, other };
}

/** Changes some fields of a stored key. */
async function rewrite(
  { apiKeys }: RepositoryHarness,
  { organizationId, id }: ApiKey,
  changes: Partial<ApiKey>,
  changedBy: ApiKey | null = null,
): Promise<void> {
  const event = anAuditEvent({ organizationId, apiKeyId: id });
  await apiKeys.change(organizationId, id, ({ apiKey }) => ({ event, apiKey: apiKey.with(changes) }), changedBy);
}
