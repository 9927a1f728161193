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
  {
    promise:
      'end records each key that it is given as such, in whatever order, and what they made with the nearest of them',
    async run(harness) {
      const { organization, owner, apiKey } = await storedOrganization(
        harness,
        aNewOrganization({ policy: { ...NO_POLICY, revokeDescendants: true } }),
      );
      const chain = [apiKey];
      for (let i = 1; i < 7; i += 1) {
        const createdBy = { type: 'api_key', id: chain[i - 1]?.id ?? null } as const;
        const created = aNewApiKey(owner, { createdBy, ...(i === 3 && { revokedAt: AT }) });
        await harness.apiKeys.insert(created);
        chain.push(created.apiKey);
      }
      const ids = chain.map(({ id }) => id);
      const [root, top, middle, revoked, behind, low, lowest] = ids as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const given = [top, revoked, low];
      const outcome = await harness.apiKeys.end(organization.id, 'revoke', given, eventsIn(organization.id));
      assert.deepEqual(outcome, { ended: [top, low], unchanged: [], notFound: [revoked] });
      const events = await harness.auditLog.list(organization.id, { limit: 100 });
      const told = (type: string) =>
        new Map(events.flatMap((event) => (event.type === type ? [[event.apiKeyId, event.changes]] : [])));
      const cascades = [middle, behind].map((id) => [id, { cascade_of: top }] as const);
      assert.deepEqual(told('api_key.revoked'), new Map([...cascades, [lowest, { cascade_of: low }]]));
      assert.deepEqual(new Set(told('api_key.updated').keys()), new Set([top, low]));
      assert.deepEqual(
        (await harness.apiKeys.list(organization.id)).map(({ id }) => id),
        [root],
      );
    },
  },
];

/** Events of keys are of another type than those of descendants. */
function eventsIn(organizationId: string): EndingEvents {
  const told = { organizationId, occurredAt: AT };
  return {
    eventOf: ({ id: apiKeyId, keyPrefix }) => anAuditEvent({ ...told, type: 'api_key.updated', apiKeyId, keyPrefix }),
    descendantsOf: (id) => ({
      eventOf: ({ id: apiKeyId, keyPrefix }) =>
        anAuditEvent({ ...told, type: 'api_key.revoked', apiKeyId, keyPrefix, changes: { cascade_of: id } }),
    }),
  };
}
