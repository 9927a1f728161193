import assert from 'node:assert/strict';
import type { InsertOutcome } from '../../application/ports/api-key-repository.js';
import { anId, aNewImportedApiKey } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { importedAgain } from './imported-keys.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

/** What `ApiKeyRepository.insertImported` tells of keys that are stored already, or like others. */
export const importOutcomeContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insertImported tells one outcome a key, in order: the first of equals is stored',
    async run(harness) {
      const [{ owner, apiKey }, theirs] = await twoOrganizations(harness);
      const [stored, first, other] = [aNewImportedApiKey(owner), aNewImportedApiKey(owner), aNewImportedApiKey(owner)];
      await harness.apiKeys.insertImported([stored]);
      const batch = [
        importedAgain(owner, stored),
        first,
        importedAgain(owner, first),
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
      const batch = [importedAgain(theirs.owner, stored), fresh, importedAgain(theirs.owner, fresh)];
      const taken = 'taken_by_another_organization';
      assert.deepEqual(await harness.apiKeys.insertImported(batch), [taken, 'imported', taken]);
      assert.equal((await harness.apiKeys.list(theirs.owner.organizationId)).length, 1);
    },
  },
];
