import {
  type ApiKeyCredential,
  ApiKeyRepository,
  type NewApiKey,
  type ProofRenewal,
} from '../../application/ports/api-key-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import { copyApiKey, copyMember, copyOrganization, copySecret } from './copies.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Keys in memory, with every promise of the port but durability. */
export class InMemoryApiKeyRepository extends ApiKeyRepository {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async insert(created: NewApiKey, issuedBy?: string): Promise<void> {
    if (issuedBy !== undefined && this.store.apiKeys.get(issuedBy)?.revokedAt !== null) {
      throw new IdentityError('authentication.required', 'The issuing key is revoked.');
    }
    this.store.addApiKey(created);
  }

  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    return [...this.store.apiKeys.values()]
      .filter((apiKey) => apiKey.organizationId === organizationId && apiKey.revokedAt === null)
      .sort(newestFirst)
      .map((apiKey) => copyApiKey(apiKey));
  }

  override async revoke(organizationId: string, apiKeyId: string, at: Date): Promise<boolean> {
    const apiKey = this.store.apiKeys.get(apiKeyId);
    if (apiKey?.organizationId !== organizationId || apiKey.revokedAt !== null) return false;
    this.change(apiKey, { revokedAt: at });
    return true;
  }

  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    const secret = [...this.store.secrets.values()].find((stored) => stored.keyPrefix === keyPrefix);
    const apiKey = this.store.apiKeys.get(secret?.apiKeyId ?? '');
    const organization = this.store.organizations.get(apiKey?.organizationId ?? '');
    const member = this.store.members.get(apiKey?.memberId ?? '');
    if (!secret || !apiKey || !organization || member?.organizationId !== organization.id) return null;
    return {
      organization: copyOrganization(organization),
      member: copyMember(member),
      apiKey: copyApiKey(apiKey),
      secret: copySecret(secret),
    };
  }

  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    for (const { secretId, expected, proof } of renewals) {
      const secret = this.store.secrets.get(secretId);
      if (secret?.proof !== expected || this.store.apiKeys.get(secret.apiKeyId)?.revokedAt !== null) continue;
      this.store.secrets.set(secretId, { ...secret, proof });
    }
  }

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    for (const [id, at] of lastUsed) {
      const apiKey = this.store.apiKeys.get(id);
      if (apiKey && (apiKey.lastUsedAt === null || apiKey.lastUsedAt < at)) this.change(apiKey, { lastUsedAt: at });
    }
  }

  private change(apiKey: ApiKey, changes: Partial<Pick<ApiKey, 'revokedAt' | 'lastUsedAt'>>): void {
    this.store.apiKeys.set(apiKey.id, copyApiKey(apiKey, changes));
  }
}

function newestFirst(a: ApiKey, b: ApiKey): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
