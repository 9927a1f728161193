import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ApiKey, type ApiKeyCredential, ApiKeyRepository, type NewApiKey } from '@feather-identity/core';
import { type EntityManager, IsNull, LessThan, Or } from 'typeorm';
import { insertApiKey } from './insert-api-key.js';
import { toApiKey } from './mappers/api-key.mapper.js';
import { toApiKeySecret } from './mappers/api-key-secret.mapper.js';
import { toMember } from './mappers/member.mapper.js';
import { toOrganization } from './mappers/organization.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import type { Storage } from './storage.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** Rows in one transaction: on SQLite nothing else runs meanwhile, on PostgreSQL their locks are held. */
const LAST_USED_BATCH = 100;

/** Keys in SQLite or PostgreSQL. */
export class TypeOrmApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insert(created: NewApiKey): Promise<void> {
    return this.storage.write((manager) => insertApiKey(manager, created));
  }

  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    const rows = await this.storage.read((manager) =>
      manager
        .createQueryBuilder(ApiKeyRow, 'apiKey')
        .innerJoin('apiKey.member', 'member', OWN_MEMBER)
        .where({ organizationId, revokedAt: IsNull() })
        .orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' })
        .getMany(),
    );
    return rows.map(toApiKey);
  }

  override async revoke(organizationId: string, apiKeyId: string, at: Date): Promise<boolean> {
    const { affected } = await this.storage.write((manager) =>
      manager.update(ApiKeyRow, { organizationId, id: apiKeyId, revokedAt: IsNull() }, { revokedAt: at }),
    );
    return affected === 1;
  }

  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    const secret = await this.storage.read((manager) => findSecret(manager, keyPrefix));
    if (secret === null) return null;
    const { apiKey } = secret;
    return {
      organization: toOrganization(apiKey.organization),
      member: toMember(apiKey.member),
      apiKey: toApiKey(apiKey),
      secret: toApiKeySecret(secret),
    };
  }

  override async replaceProof(secretId: string, expected: string | null, proof: string): Promise<void> {
    await this.storage.write(async (manager) => {
      const unrevoked = manager
        .createQueryBuilder(ApiKeyRow, 'apiKey')
        .select('1')
        .where('apiKey.id = api_key_secrets.api_key_id AND apiKey.revokedAt IS NULL');
      await manager
        .createQueryBuilder()
        .update(ApiKeySecretRow)
        .set({ proof })
        .where({ id: secretId, proof: expected ?? IsNull() })
        .andWhere(`EXISTS (${unrevoked.getQuery()})`)
        .execute();
    });
  }

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    // One order for all processes: two flushes of the same keys must not deadlock.
    const entries = [...lastUsed].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let at = 0; at < entries.length; at += LAST_USED_BATCH) {
      await this.storage.write((manager) => updateLastUsed(manager, entries.slice(at, at + LAST_USED_BATCH)));
      await nextTurn();
    }
  }
}

async function updateLastUsed(manager: EntityManager, entries: readonly (readonly [string, Date])[]): Promise<void> {
  for (const [id, at] of entries) {
    await manager.update(ApiKeyRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
  }
}

/** One read for the whole verdict. The inner joins drop a key whose organization or member is not its own. */
function findSecret(manager: EntityManager, keyPrefix: string): Promise<ApiKeySecretRow | null> {
  return manager
    .createQueryBuilder(ApiKeySecretRow, 'secret')
    .innerJoinAndSelect('secret.apiKey', 'apiKey')
    .innerJoinAndSelect('apiKey.organization', 'organization')
    .innerJoinAndSelect('apiKey.member', 'member', OWN_MEMBER)
    .where('secret.keyPrefix = :keyPrefix', { keyPrefix })
    .getOne();
}
