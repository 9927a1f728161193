import assert from 'node:assert/strict';
import type { InsertOutcome, NewImportedApiKey } from '../../application/ports/api-key-repository.js';
import type { Member } from '../../domain/member.js';
import {
  aKeyPrefix,
  anAuditEvent,
  anId,
  aNewApiKey,
  aNewImportedApiKey,
  aRevocationOf,
  aSecretOf,
} from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 4;
const BATCH = 40;
const NOW = new Date('2026-03-04T05:06:07.089Z');

/** Characters that have a meaning in one of the ways to hand many values to a database. */
const AWKWARD = ['NULL', '', '{}', '{a,b}', 'a"b', "a'b", 'a\\b', 'a,b', ' ', 'null', '\\N', '$1', '?', '👩‍🚀', '[1]'];

/** What `ApiKeyRepository.insertImported` promises. */
const insertCases: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insertImported stores each key with its secret, look-up text and event, of several organizations at once',
    async run(harness) {
      const tenants = await twoOrganizations(harness);
      const keys = tenants.map(({ owner }) => aNewImportedApiKey(owner));
      assert.deepEqual(await harness.apiKeys.insertImported(keys), ['imported', 'imported']);
      for (const [index, { organization, owner, event }] of tenants.entries()) {
        const { apiKey, secret, lookup, event: imported } = keys[index] as NewImportedApiKey;
        assert.equal(await harness.apiKeys.findImported([lookup]), secret.keyPrefix);
        const found = await harness.apiKeys.findCredential(secret.keyPrefix);
        assert.deepEqual(found, { organization, member: owner, apiKey, secret });
        assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [imported, event]);
      }
    },
  },
  {
    promise: 'insertImported stores awkward text as it is',
    async run(harness) {
      const { owner, organization } = await storedOrganization(harness);
      const keys = AWKWARD.map((text) => aNewImportedApiKey(owner, { name: text }, { hash: text, proof: text }));
      await harness.apiKeys.insertImported(keys);
      for (const { apiKey, secret } of keys) {
        const found = await harness.apiKeys.findCredential(secret.keyPrefix);
        assert.deepEqual(found, { organization, member: owner, apiKey, secret });
      }
      const lookups = AWKWARD.map((text) => `prefix:${text}`);
      await harness.apiKeys.insertImported(lookups.map((lookup) => ({ ...aNewImportedApiKey(owner), lookup })));
      for (const lookup of lookups) assert.notEqual(await harness.apiKeys.findImported([lookup]), null);
    },
  },
  {
    promise: 'insertImported tells one outcome a key, in order: the first of equals is stored',
    async run(harness) {
      const [{ owner, apiKey }, theirs] = await twoOrganizations(harness);
      const [stored, first, other] = [aNewImportedApiKey(owner), aNewImportedApiKey(owner), aNewImportedApiKey(owner)];
      await harness.apiKeys.insertImported([stored]);
      const batch = [
        again(owner, stored),
        first,
        again(owner, first),
        aNewImportedApiKey(owner, { keyPrefix: apiKey.keyPrefix }),
        aNewImportedApiKey(owner, { keyPrefix: theirs.apiKey.keyPrefix }),
        aNewImportedApiKey(owner, { keyPrefix: first.apiKey.keyPrefix }),
        other,
      ];
      const expected: InsertOutcome[] = [
        'already_imported',
        'imported',
        'already_imported',
        'prefix_taken',
        'prefix_taken',
        'prefix_taken',
        'imported',
      ];
      assert.deepEqual(await harness.apiKeys.insertImported(batch), expected);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 4);
      assert.equal((await harness.apiKeys.list(theirs.owner.organizationId)).length, 1);
      assert.deepEqual(await harness.apiKeys.insertImported([]), []);
    },
  },
  {
    promise:
      'insertImported never takes a key for another that begins like it: it tells that the look-up text is taken',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const like = (hash: string) => ({ ...aNewImportedApiKey(owner, {}, { hash }), lookup: 'prefix:sk_live_' });
      const outcomes = await harness.apiKeys.insertImported([like('one'), like('other'), like('one')]);
      assert.deepEqual(outcomes, ['imported', 'lookup_taken', 'already_imported']);
      const again = await harness.apiKeys.insertImported([like('other'), like('one')]);
      assert.deepEqual(again, ['lookup_taken', 'already_imported']);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 2);
    },
  },
  {
    promise: 'insertImported knows a key by its hash, found by whatever text and under whatever name of its pepper',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const salted = `$2b$10$${'a'.repeat(40)}${anId().replaceAll('-', '').slice(0, 13)}`;
      const [mac, digest, other] = ['m', 'd', 'o'].map((letter) => `${anId().replaceAll('-', '')}${letter.repeat(11)}`);
      const key = (hash: string, lookup: string) => ({ ...aNewImportedApiKey(owner, {}, { hash }), lookup });
      const head = `prefix:${anId()}`;
      const stored = [
        key(salted, `${head}1`),
        key(`hmac-sha256:old:${mac}`, `hmac-sha256:old:${mac}`),
        key(`nestarc:old:${digest}`, head),
      ];
      await harness.apiKeys.insertImported(stored);
      const batch = [
        key(salted, `${head}12`),
        key(`hmac-sha256:new:${mac}`, `hmac-sha256:new:${mac}`),
        key(`nestarc:new:${digest}`, head),
        key(`hmac-sha256:new:${other}`, `hmac-sha256:new:${other}`),
        key(`hmac-sha256:old:${other}`, `hmac-sha256:old:${other}`),
        key(`sha256:${mac}`, `sha256:${mac}`),
      ];
      const same = 'already_imported';
      const expected: InsertOutcome[] = [same, same, same, 'imported', same, 'imported'];
      assert.deepEqual(await harness.apiKeys.insertImported(batch), expected);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 6);
    },
  },
  {
    promise: 'insertImported tells that another organization has the key, stored before or in the same batch',
    async run(harness) {
      const [{ owner }, theirs] = await twoOrganizations(harness);
      const [stored, fresh] = [aNewImportedApiKey(owner), aNewImportedApiKey(owner)];
      await harness.apiKeys.insertImported([stored]);
      const batch = [again(theirs.owner, stored), fresh, again(theirs.owner, fresh)];
      const taken = 'taken_by_another_organization';
      assert.deepEqual(await harness.apiKeys.insertImported(batch), [taken, 'imported', taken]);
      assert.equal((await harness.apiKeys.list(theirs.owner.organizationId)).length, 1);
    },
  },
  {
    promise: 'an import that is repeated, with new ids, stores nothing and loses nothing',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys = importOf(owner, BATCH);
      await harness.apiKeys.insertImported(keys.slice(0, 25));
      const outcomes = await harness.apiKeys.insertImported(keys.map((key) => again(owner, key)));
      assert.deepEqual(outcomes, [...many(25, 'already_imported'), ...many(BATCH - 25, 'imported')]);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, BATCH + 1);
      assert.equal((await harness.auditLog.list(owner.organizationId, { limit: 200 })).length, BATCH + 1);
    },
  },
  {
    promise: 'insertImported stores all of its keys or none',
    async run(harness) {
      const { owner, secret } = await storedOrganization(harness);
      const good = aNewImportedApiKey(owner);
      for (const bad of [
        aNewImportedApiKey({ ...owner, id: anId() }),
        aNewImportedApiKey(owner, {}, { id: secret.id }),
        { ...aNewImportedApiKey(owner), event: anAuditEvent() },
      ]) {
        await assert.rejects(harness.apiKeys.insertImported([good, bad]));
      }
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 1);
      assert.equal(await harness.apiKeys.findImported([good.lookup]), null);
      assert.deepEqual(await harness.apiKeys.insertImported([good]), ['imported']);
    },
  },
  {
    promise: 'insertImported with dryRun tells the same and stores nothing',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const [stored, fresh] = [aNewImportedApiKey(owner), aNewImportedApiKey(owner)];
      await harness.apiKeys.insertImported([stored]);
      const outcomes = await harness.apiKeys.insertImported([stored, fresh, fresh], { dryRun: true });
      assert.deepEqual(outcomes, ['already_imported', 'imported', 'already_imported']);
      assert.equal(await harness.apiKeys.findImported([fresh.lookup]), null);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, 2);
    },
  },
  {
    promise: 'of concurrent imports of the same keys each key is stored once',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const originals = importOf(owner, BATCH);
      const imports = Array.from({ length: CONCURRENT }, (_, turn) => {
        const keys = originals.map((key) => again(owner, key));
        return harness.apiKeys.insertImported(turn % 2 === 0 ? keys : keys.toReversed());
      });
      const outcomes = (await Promise.all(imports)).flat();
      assert.equal(outcomes.filter((outcome) => outcome === 'imported').length, BATCH);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, BATCH + 1);
    },
  },
  {
    promise: 'imported keys take no place and count: a limit that they reach refuses, and revoking one makes room',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys = importOf(owner, 8);
      await harness.apiKeys.insertImported(keys);
      for (const maxKeys of [3, 8, 9]) {
        await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys }), 'api_key.limit_reached');
      }
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 9, mayExceed: true });
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 }), 'api_key.limit_reached');
      const [{ apiKey }] = keys as [NewImportedApiKey];
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 }), 'api_key.limit_reached');
    },
  },
];

/** What `findImported` promises, and what becomes of imported keys. */
const lifeCases: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'findImported answers for the first text that an imported secret is stored with, and exactly',
    async run(harness) {
      const { owner, secret } = await storedOrganization(harness);
      const [one, other] = ['prefix:sk_live_a%_', 'prefix:sk_live_a'].map((lookup) => ({
        ...aNewImportedApiKey(owner),
        lookup,
      })) as [NewImportedApiKey, NewImportedApiKey];
      await harness.apiKeys.insertImported([one, other]);
      const find = (...lookups: string[]) => harness.apiKeys.findImported(lookups);
      assert.equal(await find('sha256:unknown', one.lookup, other.lookup), one.secret.keyPrefix);
      assert.equal(await find(other.lookup, one.lookup), other.secret.keyPrefix);
      const strangers = [
        'PREFIX:SK_LIVE_A',
        'prefix:sk_live_A',
        'prefix:sk_live_%',
        'prefix:sk_live_',
        '',
        secret.keyPrefix,
      ];
      assert.equal(await find(...strangers), null);
      assert.equal(await find(), null);
    },
  },
  {
    promise: 'a revoked imported key is found, stays revoked, gets no proof and is not imported again',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const imported = aNewImportedApiKey(owner);
      const { apiKey, secret, lookup } = imported;
      await harness.apiKeys.insertImported([imported]);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, NOW));
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: null, proof: 'renewed' }]);
      assert.equal(await harness.apiKeys.findImported([lookup]), secret.keyPrefix);
      assert.deepEqual(await harness.apiKeys.insertImported([again(owner, imported)]), ['already_imported']);
      const found = await harness.apiKeys.findCredential(secret.keyPrefix);
      assert.deepEqual([found?.apiKey.revokedAt, found?.secret.proof], [NOW, null]);
    },
  },
  {
    promise: 'an imported secret that rotations have ended stays ended, and is not imported again',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const imported = aNewImportedApiKey(owner);
      const { apiKey, secret, lookup } = imported;
      await harness.apiKeys.insertImported([imported]);
      for (const on of [1, 2]) {
        const next = aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: new Date(NOW.getTime() + on) });
        const event = anAuditEvent({ organizationId: owner.organizationId, occurredAt: NOW, apiKeyId: apiKey.id });
        const rotation = { secret: next, previousValidUntil: new Date(0) };
        await harness.apiKeys.change(owner.organizationId, apiKey.id, (current) => ({
          event: { ...event, id: anId() },
          apiKey: current.apiKey.with({ keyPrefix: next.keyPrefix }),
          rotation,
        }));
      }
      assert.equal(await harness.apiKeys.findImported([lookup]), secret.keyPrefix);
      const found = await harness.apiKeys.findCredential(secret.keyPrefix);
      assert.deepEqual(found?.secret.validUntil, new Date(0));
      assert.deepEqual(await harness.apiKeys.insertImported([again(owner, imported)]), ['already_imported']);
    },
  },
];

/** What `ApiKeyRepository` promises of keys of other systems. */
export const importedKeysContract: readonly ContractCase<RepositoryHarness>[] = [...insertCases, ...lifeCases];

function importOf(owner: Member, count: number): NewImportedApiKey[] {
  return Array.from({ length: count }, () => aNewImportedApiKey(owner));
}

/** The same key once more, with new ids. */
function again(owner: Member, { lookup, secret: { hash } }: NewImportedApiKey): NewImportedApiKey {
  return { ...aNewImportedApiKey(owner, {}, { hash }), lookup };
}

function many(count: number, outcome: InsertOutcome): InsertOutcome[] {
  return Array.from({ length: count }, () => outcome);
}
