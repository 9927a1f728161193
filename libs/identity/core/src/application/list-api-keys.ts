import type { ApiKey } from '../domain/api-key.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';

/** The keys of one organization that are not revoked, newest first. */
export class ListApiKeys {
  constructor(private readonly apiKeys: ApiKeyRepository) {}

  execute(organizationId: string): Promise<ApiKey[]> {
    return this.apiKeys.listUnrevoked(organizationId);
  }
}
