import { IdentityError } from '../../domain/identity-error.js';
import type { ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';

/** One key of an organization, revoked or not. Throws `api_key.not_found` alike for an unknown id and a foreign one. */
export class FindApiKey {
  constructor(private readonly apiKeys: ApiKeyRepository) {}

  async execute(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails> {
    const details = await this.apiKeys.find(organizationId, apiKeyId);
    if (details === null) throw apiKeyNotFound();
    return details;
  }
}

/** The refusal that does not tell an unknown key from one that is another organization's. */
export function apiKeyNotFound(): IdentityError {
  return new IdentityError('api_key.not_found', 'No such API key.');
}
