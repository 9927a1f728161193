import assert from 'node:assert/strict';
import type { EndingEvents, NewApiKey } from '../../application/ports/api-key-repository.js';
import { NO_POLICY } from '../../domain/organization-policy.js';
import { anAuditEvent, anId, aNewApiKey, aNewOrganization, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');

const casesOfEndings = (['revoke', 'disable'] as const).map((ending): ContractCase<RepositoryHarness> => ({
  promise: `end ${ending}s the keys that can be, each with its event, and tells of the others`,
  async run(harness) {
    const [{ owner, apiKey: first }, theirs] = await twoOrganizations(harness);
    const { organizationId } = owner;
    const created = [{}, { disabledAt: AT }, {}].map((fields) => aNewApiKey(owner, fields));
    for (const each of created) await harness.apiKeys.insert(each);
    const [live, disabled, revoked] = created.map(({ apiKey }) => apiKey);
    assert.ok(live && disabled && revoked);
    await harness.apiKeys.revoke(organizationId, revoked.id, aRevocationOf(revoked));
    const ids = [theirs.apiKey.id, live.id, anId(), revoked.id, disabled.id, first.id];
    const outcome = await harness.apiKeys.end(organizationId, ending, ids, eventsIn(organizationId));
    const changed = ending === 'revoke' ? [live, disabled, first] : [live, first];
    const idsOf = (keys: readonly { readonly id: string }[]) => keys.map(({ id }) => id);
    assert.deepEqual(outcome, {
      ended: idsOf(changed),
      unchanged: ending === 'revoke' ? [] : [disabled.id],
      notFound: [theirs.apiKey.id, ids[2], revoked.id],
    });
    const field = ending === 'revoke' ? 'revokedAt' : 'disabledAt';
    for (const apiKey of [live, disabled, first, theirs.apiKey]) {
      const expected = changed.includes(apiKey) ? apiKey.with({ [field]: AT }) : apiKey;
      assert.deepEqual((await harness.apiKeys.find(apiKey.organizationId, apiKey.id))?.apiKey, expected);
    }
    const events = await harness.auditLog.list(organizationId, { limit: 100, type: 'api_key.updated' });
    const told = events.map(({ apiKeyId, keyPrefix }) => `${apiKeyId ?? ''} ${keyPrefix ?? ''}`).sort();
    assert.deepEqual(told, changed.map(({ id, keyPrefix }) => `${id} ${keyPrefix}`).sort());
  },
}));

/** What `ApiKeyRepository.end` promises. */
export const endApiKeysContract: readonly ContractCase<RepositoryHarness>[] = [
  ...casesOfEndings,
  {
    promise: 'end revokes what the keys made, if the policy says so, and disables it in no case',
    async run(harness) {
      const { organization, owner } = await storedOrganization(
        harness,
        aNewOrganization({ policy: { ...NO_POLICY, revokeDescendants: true } }),
      );
      const [first, child, grandchild, other] = [0, 1, 2, 3].map(() => aNewApiKey(owner));
      assert.ok(first && child && grandchild && other);
      const madeBy = (created: NewApiKey, { apiKey: maker }: NewApiKey): NewApiKey => ({
        ...created,
        apiKey: created.apiKey.with({ createdBy: { type: 'api_key', id: maker.id } }),
      });
      const keys = [first, madeBy(child, first), madeBy(grandchild, child), other];
      for (const each of keys) await harness.apiKeys.insert(each);
      const stateOf = async ({ apiKey: { id } }: NewApiKey) => {
        const found = (await harness.apiKeys.find(organization.id, id))?.apiKey;
        return [found?.disabledAt, found?.revokedAt];
      };
      const states = async () => Promise.all(keys.map(stateOf));
      await harness.apiKeys.end(organization.id, 'disable', [first.apiKey.id], eventsIn(organization.id));
      assert.deepEqual(await states(), [[AT, null], ...[1, 2, 3].map(() => [null, null])]);
      const ids = [child.apiKey.id, first.apiKey.id];
      const outcome = await harness.apiKeys.end(organization.id, 'revoke', ids, eventsIn(organization.id));
      assert.deepEqual(outcome, { ended: ids, unchanged: [], notFound: [] });
      assert.deepEqual(await states(), [
        [AT, AT],
        [null, AT],
        [null, AT],
        [null, null],
      ]);
      const events = await harness.auditLog.list(organization.id, { limit: 100, type: 'api_key.revoked' });
      assert.deepEqual(
        events.map(({ apiKeyId }) => apiKeyId),
        [grandchild.apiKey.id],
      );
    },
  },
];

/** Events of keys are of another type than those of descendants. */
function eventsIn(organizationId: string): EndingEvents {
  const told = { organizationId, occurredAt: AT };
  return {
    eventOf: ({ id: apiKeyId, keyPrefix }) => anAuditEvent({ ...told, type: 'api_key.updated', apiKeyId, keyPrefix }),
    descendantsOf: () => ({
      eventOf: ({ id: apiKeyId, keyPrefix }) => anAuditEvent({ ...told, type: 'api_key.revoked', apiKeyId, keyPrefix }),
    }),
  };
}
