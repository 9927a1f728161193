import assert from 'node:assert/strict';
import type { ApiKey } from '../../domain/api-key.js';
import { aKeyPrefix, anAuditEvent, aNewApiKey, aRevocationOf, aSecretOf } from '../builders.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization } from './repository-harness.js';

const CONCURRENT = 16;

/** What `ApiKeyRepository.change` promises of changes that run at the same time. */
export const apiKeyChangeRaceContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'concurrent changes of one key follow each other, and none is lost',
    async run(harness) {
      const { organization, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.recordLastUsed(new Map([[apiKey.id, apiKey.createdAt]]));
      await Promise.all(Array.from({ length: CONCURRENT }, () => lengthenName(harness, apiKey)));
      const found = await harness.apiKeys.find(organization.id, apiKey.id);
      assert.equal(found?.apiKey.name, apiKey.name + '+'.repeat(CONCURRENT));
      const events = await harness.auditLog.list(organization.id, { limit: 99, type: 'api_key.updated' });
      assert.equal(events.length, CONCURRENT);
    },
  },
  {
    promise: 'concurrent rotations of one key follow each other: one secret is current, the others end',
    async run(harness) {
      const { organization, apiKey } = await storedOrganization(harness);
      const previousValidUntil = new Date('2030-01-01T00:00:00.000Z');
      const rotations = Array.from({ length: CONCURRENT }, () => {
        const secret = aSecretOf(apiKey, { keyPrefix: aKeyPrefix() });
        return harness.apiKeys.change(organization.id, apiKey.id, (current) => ({
          event: anAuditEvent({ organizationId: organization.id, apiKeyId: apiKey.id }),
          apiKey: current.apiKey.with({ keyPrefix: secret.keyPrefix }),
          rotation: { secret, previousValidUntil },
        }));
      });
      await Promise.all(rotations);
      const found = await harness.apiKeys.find(organization.id, apiKey.id);
      assert.equal(found?.secrets.length, CONCURRENT + 1);
      const current = found.secrets.filter(({ validUntil }) => validUntil === null);
      assert.deepEqual(
        current.map(({ keyPrefix }) => keyPrefix),
        [found.apiKey.keyPrefix],
      );
    },
  },
  {
    promise: 'keys that change each other, and themselves, at the same time do not lock each other out',
    async run(harness) {
      const { organization, owner, apiKey: a } = await storedOrganization(harness);
      const { apiKey: b, ...rest } = aNewApiKey(owner);
      await harness.apiKeys.insert({ apiKey: b, ...rest });
      const pairs = [[a, b] as const, [b, a] as const, [a, a] as const, [b, b] as const];
      const changes = Array.from({ length: CONCURRENT }, (_, i) => {
        const [target, changedBy] = pairs[i % pairs.length] ?? [a, b];
        return lengthenName(harness, target, changedBy);
      });
      await Promise.all(changes);
      for (const { id, name } of [a, b]) {
        const found = await harness.apiKeys.find(organization.id, id);
        assert.equal(found?.apiKey.name, name + '+'.repeat(CONCURRENT / 2));
      }
    },
  },
  {
    promise: 'nothing is changed on the word of a key after its revocation, nor a key after its own, however they race',
    async run(harness) {
      const { organization, owner, apiKey: revoked } = await storedOrganization(harness);
      const { apiKey: other, ...rest } = aNewApiKey(owner);
      await harness.apiKeys.insert({ apiKey: other, ...rest });
      const racing = Array.from({ length: CONCURRENT }, (_, i) =>
        (i % 2 === 0 ? lengthenName(harness, other, revoked) : lengthenName(harness, revoked)).catch(
          (error: unknown) => {
            const expected = i % 2 === 0 ? 'authentication.required' : 'api_key.not_found';
            assert.equal(error instanceof IdentityError && error.code, expected);
          },
        ),
      );
      await harness.apiKeys.revoke(organization.id, revoked.id, aRevocationOf(revoked));
      const atRevocation = await harness.apiKeys.list(organization.id, { includeRevoked: true });
      await Promise.all(racing);
      assert.deepEqual(await harness.apiKeys.list(organization.id, { includeRevoked: true }), atRevocation);
    },
  },
];

/** Appends a character to the stored name. */
async function lengthenName(
  { apiKeys }: RepositoryHarness,
  { organizationId, id }: ApiKey,
  changedBy: ApiKey | null = null,
): Promise<void> {
  const event = anAuditEvent({ organizationId, apiKeyId: id });
  await apiKeys.change(
    organizationId,
    id,
    ({ apiKey }) => ({ event, apiKey: apiKey.with({ name: `${apiKey.name}+` }) }),
    changedBy,
  );
}
