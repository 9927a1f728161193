import assert from 'node:assert/strict';
import { anAuditEvent, anId, aNewApiKey, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');

/** What `ApiKeyRepository.end` promises. */
export const endApiKeysContract: readonly ContractCase<RepositoryHarness>[] = (['revoke', 'disable'] as const).map(
  (ending) => ({
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
      const outcome = await harness.apiKeys.end(organizationId, ending, ids, ({ id: apiKeyId, keyPrefix }) =>
        anAuditEvent({ type: 'api_key.updated', organizationId, apiKeyId, keyPrefix, occurredAt: AT }),
      );
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
  }),
);
