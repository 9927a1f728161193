import assert from 'node:assert/strict';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import { anId } from '../builders.js';
import { copyApiKey } from '../fakes/copies.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const EARLY = new Date('2026-03-04T05:06:07.089Z');
const LATE = new Date('2026-03-04T05:06:07.090Z');

/** What `ApiKeyRepository.recordSecretsLastUsed` promises. */
const secretCases: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'recordSecretsLastUsed sets each secret its own instant, never goes back, and changes nothing else',
    async run(harness) {
      const [a, b] = await twoOrganizations(harness);
      for (const [at, expected] of [
        [EARLY, EARLY],
        [LATE, LATE],
        [EARLY, LATE],
      ] as const) {
        await harness.apiKeys.recordSecretsLastUsed(new Map([anId(), a.secret.id].map((id) => [id, at])));
        const secrets = [{ ...a.secret, lastUsedAt: expected }];
        const found = await harness.apiKeys.find(a.organization.id, a.apiKey.id);
        assert.deepEqual(found, { apiKey: a.apiKey, secrets });
        const credential = await harness.apiKeys.findCredential(a.apiKey.keyPrefix);
        assert.deepEqual(credential?.secret, secrets[0]);
      }
      const other = await harness.apiKeys.find(b.organization.id, b.apiKey.id);
      assert.deepEqual(other, { apiKey: b.apiKey, secrets: [b.secret] });
    },
  },
];

/** What `ApiKeyRepository.recordLastUsed` and `recordSecretsLastUsed` promise. */
export const recordLastUsedContract: readonly ContractCase<RepositoryHarness>[] = [
  ...secretCases,
  {
    promise: 'recordLastUsed sets each key its own instant and changes nothing else',
    async run(harness) {
      const [a, b] = await twoOrganizations(harness);
      const uses = new Map([
        [a.apiKey.id, EARLY],
        [b.apiKey.id, LATE],
      ]);
      await harness.apiKeys.recordLastUsed(uses);
      assert.deepEqual(await harness.apiKeys.list(a.organization.id), [copyApiKey(a.apiKey, { lastUsedAt: EARLY })]);
      assert.deepEqual(await harness.apiKeys.list(b.organization.id), [copyApiKey(b.apiKey, { lastUsedAt: LATE })]);
    },
  },
  {
    promise: 'recordLastUsed never goes back, and goes on by a millisecond',
    async run(harness) {
      const { apiKey } = await storedOrganization(harness);
      for (const [at, expected] of [
        [EARLY, EARLY],
        [LATE, LATE],
        [EARLY, LATE],
      ] as const) {
        await harness.apiKeys.recordLastUsed(new Map([[apiKey.id, at]]));
        assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.lastUsedAt, expected);
      }
    },
  },
  {
    promise: 'recordLastUsed ignores unknown ids and still records the others',
    async run(harness) {
      const { apiKey } = await storedOrganization(harness);
      const uses = new Map([anId(), apiKey.id, anId()].map((id) => [id, EARLY]));
      await assert.doesNotReject(harness.apiKeys.recordLastUsed(uses));
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.lastUsedAt, EARLY);
    },
  },
  {
    promise: 'recordLastUsed takes nothing at all',
    run: (harness) => harness.apiKeys.recordLastUsed(new Map()),
  },
  {
    promise: 'recordLastUsed of overlapping keys runs concurrently and keeps the latest',
    async run(harness) {
      const ids = (await twoOrganizations(harness)).map((created) => created.apiKey);
      const flushes = Array.from({ length: 16 }, (_, i) => {
        const uses = ids.map((apiKey) => [apiKey.id, new Date(EARLY.getTime() + i)] as const);
        return harness.apiKeys.recordLastUsed(new Map(i % 2 === 0 ? uses : uses.toReversed()));
      });
      await Promise.all(flushes);
      for (const { keyPrefix } of ids) {
        const found = await harness.apiKeys.findCredential(keyPrefix);
        assert.deepEqual(found?.apiKey.lastUsedAt, new Date(EARLY.getTime() + 15));
      }
    },
  },
  {
    promise: 'recordLastUsed sets from where each key was used with the instant, and keeps it where it is not told',
    async run(harness) {
      const [a, b] = await twoOrganizations(harness);
      const [here, there] = [
        { address: '2001:db8::1', userAgent: 'curl/8' },
        { address: null, userAgent: 'other' },
      ];
      const stored = async ({ organization, apiKey }: NewOrganization) =>
        (await harness.apiKeys.find(organization.id, apiKey.id))?.apiKey.lastUsedFrom;
      await harness.apiKeys.recordLastUsed(new Map([[a.apiKey.id, LATE]]), new Map([[a.apiKey.id, here]]));
      assert.deepEqual([await stored(a), await stored(b)], [here, null]);
      await harness.apiKeys.recordLastUsed(new Map([[a.apiKey.id, EARLY]]), new Map([[a.apiKey.id, there]]));
      await harness.apiKeys.recordLastUsed(new Map([[a.apiKey.id, new Date(LATE.getTime() + 1)]]));
      assert.deepEqual(await stored(a), here);
      const listed = await harness.apiKeys.list(a.organization.id);
      assert.deepEqual(
        listed.map(({ lastUsedFrom }) => lastUsedFrom),
        [here],
      );
      // Its instant is written already.
      await harness.apiKeys.recordLastUsed(new Map(), new Map([a.apiKey.id, anId()].map((id) => [id, there])));
      assert.deepEqual(await stored(a), there);
      await harness.apiKeys.recordLastUsed(new Map(), new Map([[a.apiKey.id, null]]));
      assert.deepEqual(await stored(a), null);
    },
  },
];
