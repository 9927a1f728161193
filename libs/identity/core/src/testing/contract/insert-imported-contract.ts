import assert from 'node:assert/strict';
import type { NewImportedApiKey } from '../../application/ports/api-key-repository.js';
import { anAuditEvent, anId, aNewImportedApiKey } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { importedAgain, manyImported } from './imported-keys.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 4;
const BATCH = 40;

/** Characters that have a meaning in one of the ways to hand many values to a database. */
const AWKWARD = ['NULL', '', '{}', '{a,b}', 'a"b', "a'b", 'a\\b', 'a,b', ' ', 'null', '\\N', '$1', '?', '👩‍🚀', '[1]'];

/** What `ApiKeyRepository.insertImported` promises of what it stores. */
export const insertImportedContract: readonly ContractCase<RepositoryHarness>[] = [
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
    promise: 'an import that is repeated, with new ids, stores nothing and loses nothing',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys = manyImported(owner, BATCH);
      await harness.apiKeys.insertImported(keys.slice(0, 25));
      const outcomes = await harness.apiKeys.insertImported(keys.map((key) => importedAgain(owner, key)));
      const expected = keys.map((_, index) => (index < 25 ? 'already_imported' : 'imported'));
      assert.deepEqual(outcomes, expected);
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
      const originals = manyImported(owner, BATCH);
      const imports = Array.from({ length: CONCURRENT }, (_, turn) => {
        const keys = originals.map((key) => importedAgain(owner, key));
        return harness.apiKeys.insertImported(turn % 2 === 0 ? keys : keys.toReversed());
      });
      const outcomes = (await Promise.all(imports)).flat();
      assert.equal(outcomes.filter((outcome) => outcome === 'imported').length, BATCH);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, BATCH + 1);
    },
  },
];
