import type { ApiKey, ApiKeyCredential, ApiKeyRepository, NewApiKey, ProofRenewal } from '@feather-identity/core';
import { InMemoryApiKeyRepository } from '@feather-identity/core/testing';

/** Keys in memory that count how often a credential was read and fail where a test says so. */
export class WatchedApiKeyRepository extends InMemoryApiKeyRepository {
  reads = 0;
  /** What a method throws instead of doing its work. */
  readonly failures = new Map<keyof ApiKeyRepository, unknown>();

  override async findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    this.reads += 1;
    this.failIfTold('findCredential');
    return super.findCredential(keyPrefix);
  }

  override async insert(created: NewApiKey, issuedBy?: string): Promise<void> {
    this.failIfTold('insert');
    await super.insert(created, issuedBy);
  }

  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    this.failIfTold('listUnrevoked');
    return super.listUnrevoked(organizationId);
  }

  override async revoke(organizationId: string, apiKeyId: string, at: Date): Promise<boolean> {
    this.failIfTold('revoke');
    return super.revoke(organizationId, apiKeyId, at);
  }

  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    this.failIfTold('replaceProofs');
    await super.replaceProofs(renewals);
  }

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    this.failIfTold('recordLastUsed');
    await super.recordLastUsed(lastUsed);
  }

  private failIfTold(method: keyof ApiKeyRepository): void {
    if (this.failures.has(method)) throw this.failures.get(method);
  }
}
