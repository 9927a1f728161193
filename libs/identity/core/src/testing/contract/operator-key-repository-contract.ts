import assert from 'node:assert/strict';
import type { NewOperatorKey } from '../../application/ports/operator-key-repository.js';
import { OPERATOR } from '../../domain/actor.js';
import type { OperatorEvent, OperatorKey } from '../../domain/operator-key.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anId } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, twoOrganizations } from './repository-harness.js';

const CREATED_AT = new Date('2026-01-01T00:00:00.000Z');
const LATER = new Date('2026-03-29T01:30:00.501Z');

/** Every promise of `OperatorKeyRepository`, and of `AuditLog.listAll`. Each case wants an empty store. */
export const operatorKeyRepositoryContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert stores the key with its verifiers and event; a grant comes back as it was',
    async run({ operatorKeys }) {
      assert.equal(await operatorKeys.exists(), false);
      const grants = [ScopeGrant.unrestricted(), ScopeGrant.of(['members:read', 'api_keys:*'])];
      for (const grant of grants) {
        const { event, ...stored } = aNewOperatorKey({ grant, name: 'naïve "x"', expiresAt: LATER });
        await operatorKeys.insert({ ...stored, event });
        assert.deepEqual(await operatorKeys.find(stored.operatorKey.keyPrefix), stored);
        assert.deepEqual(await operatorKeys.listEvents({ limit: 1 }), [event]);
      }
      assert.equal(await operatorKeys.exists(), true);
      assert.equal(await operatorKeys.find('fth_operator_00000000'), null);
    },
  },
  {
    promise: 'insert refuses a taken id or public part with api_key.conflict, and stores nothing of it',
    async run({ operatorKeys }) {
      const first = aNewOperatorKey();
      await operatorKeys.insert(first);
      const { id, keyPrefix } = first.operatorKey;
      for (const taken of [{ id }, { keyPrefix }]) {
        await assertRefused(operatorKeys.insert(aNewOperatorKey(taken)), 'api_key.conflict');
      }
      assert.deepEqual(await operatorKeys.list(), [first.operatorKey]);
      assert.deepEqual(await operatorKeys.listEvents({ limit: 9 }), [first.event]);
    },
  },
  {
    promise: 'list holds all keys, newest first, revoked ones too, which are revoked once',
    async run({ operatorKeys }) {
      const [first, second] = [aNewOperatorKey(), aNewOperatorKey()];
      for (const each of [second, first]) await operatorKeys.insert(each);
      const event = anEvent('operator_key.revoked', first.operatorKey, LATER);
      assert.equal(await operatorKeys.revoke(first.operatorKey.id, event), true);
      const again = anEvent('operator_key.revoked', first.operatorKey, CREATED_AT);
      assert.equal(await operatorKeys.revoke(first.operatorKey.id, again), false);
      assert.equal(await operatorKeys.revoke(anId(), again), false);
      const revoked = { ...first.operatorKey, revokedAt: LATER };
      assert.deepEqual(await operatorKeys.list(), [second.operatorKey, revoked]);
      assert.deepEqual((await operatorKeys.find(revoked.keyPrefix))?.operatorKey, revoked);
      assert.deepEqual(await operatorKeys.listEvents({ limit: 1 }), [event]);
      assert.equal((await operatorKeys.listEvents({ limit: 9 })).length, 3);
    },
  },
  {
    promise: 'recordUse keeps the latest use, and renews a proof alone',
    async run({ operatorKeys }) {
      const { event, ...stored } = aNewOperatorKey();
      await operatorKeys.insert({ ...stored, event });
      const { id, keyPrefix } = stored.operatorKey;
      await operatorKeys.recordUse(id, { at: LATER });
      await operatorKeys.recordUse(id, { at: CREATED_AT, renewedProof: 'renewed' });
      await operatorKeys.recordUse(anId(), { at: LATER });
      const operatorKey = { ...stored.operatorKey, lastUsedAt: LATER };
      assert.deepEqual(await operatorKeys.find(keyPrefix), { ...stored, operatorKey, proof: 'renewed' });
    },
  },
  {
    promise: 'the events of the installation and of all organizations are listed in parts, newest first',
    async run(harness) {
      const keys = [aNewOperatorKey(), aNewOperatorKey(), aNewOperatorKey()];
      for (const key of keys) await harness.operatorKeys.insert(key);
      const [third, second, first] = keys.map(({ event }) => event).reverse();
      assert.deepEqual(await harness.operatorKeys.listEvents({ limit: 2 }), [third, second]);
      assert.deepEqual(await harness.operatorKeys.listEvents({ limit: 2, after: second?.id }), [first]);
      const [mine, theirs] = await twoOrganizations(harness);
      assert.deepEqual(await harness.auditLog.listAll({ limit: 9 }), [theirs.event, mine.event]);
      assert.deepEqual(await harness.auditLog.listAll({ limit: 1 }), [theirs.event]);
      assert.deepEqual(await harness.auditLog.listAll({ limit: 9, after: theirs.event.id }), [mine.event]);
    },
  },
];

function aNewOperatorKey(fields: Partial<OperatorKey> = {}): NewOperatorKey {
  const id = anId();
  const operatorKey: OperatorKey = {
    id,
    name: 'billing',
    keyPrefix: `fth_operator_${id.slice(-8)}`,
    grant: ScopeGrant.unrestricted(),
    createdAt: CREATED_AT,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...fields,
  };
  const event = anEvent('operator_key.created', operatorKey, CREATED_AT);
  return { operatorKey, hash: 'no-hash', proof: null, event };
}

function anEvent(
  type: OperatorEvent['type'],
  { id: apiKeyId, keyPrefix }: OperatorKey,
  occurredAt: Date,
): OperatorEvent {
  return { id: anId(), type, occurredAt, actor: OPERATOR, apiKeyId, keyPrefix, changes: { name: 'billing' } };
}
