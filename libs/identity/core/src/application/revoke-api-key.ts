import { IdentityError } from '../domain/identity-error.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';

/**
 * Revokes a key of one organization for good; a key may revoke itself. Throws `api_key.not_found` alike for an unknown
 * id, another organization's key and a key that was revoked before.
 */
export class RevokeApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  async execute(organizationId: string, apiKeyId: string): Promise<void> {
    if (!(await this.apiKeys.revoke(organizationId, apiKeyId, this.clock.now()))) {
      throw new IdentityError('api_key.not_found', 'No such API key.');
    }
  }
}
