import type { ApiKeyRepository } from '@feather-identity/core';
import { InMemoryApiKeyRepository } from '@feather-identity/core/testing';

/** Arguments of a method of the port. */
type Asked<Method extends keyof ApiKeyRepository> = Parameters<ApiKeyRepository[Method]>;

/** Keys in memory that count how often a credential was read and fail where a test says so. */
export class WatchedApiKeyRepository extends InMemoryApiKeyRepository {
  reads = 0;
  /** What a method throws instead of doing its work. */
  readonly failures = new Map<keyof ApiKeyRepository, unknown>();

  override async findCredential(...asked: Asked<'findCredential'>) {
    this.reads += 1;
    this.failIfTold('findCredential');
    return super.findCredential(...asked);
  }

  override async insert(...asked: Asked<'insert'>) {
    this.failIfTold('insert');
    return super.insert(...asked);
  }

  override async list(...asked: Asked<'list'>) {
    this.failIfTold('list');
    return super.list(...asked);
  }

  override async find(...asked: Asked<'find'>) {
    this.failIfTold('find');
    return super.find(...asked);
  }

  override async change(...asked: Asked<'change'>) {
    this.failIfTold('change');
    return super.change(...asked);
  }

  override async revoke(...asked: Asked<'revoke'>) {
    this.failIfTold('revoke');
    return super.revoke(...asked);
  }

  override async revokeUnused(...asked: Asked<'revokeUnused'>) {
    this.failIfTold('revokeUnused');
    return super.revokeUnused(...asked);
  }

  override async replaceProofs(...asked: Asked<'replaceProofs'>) {
    this.failIfTold('replaceProofs');
    return super.replaceProofs(...asked);
  }

  override async recordLastUsed(...asked: Asked<'recordLastUsed'>) {
    this.failIfTold('recordLastUsed');
    return super.recordLastUsed(...asked);
  }

  private failIfTold(method: keyof ApiKeyRepository): void {
    if (this.failures.has(method)) throw this.failures.get(method);
  }
}
