import { IdentityError } from '../../domain/identity-error.js';
import type { ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';

/** Finds one key of an organization, whatever its state. */
export class FindApiKey {
  constructor(private readonly apiKeys: ApiKeyRepository) {}

  /**
   * @returns the key and all of its secrets
   * @throws IdentityError `api_key.not_found`, alike for an unknown id and another organization's key
   */
  async execute(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails> {
    const details = await this.apiKeys.find(organizationId, apiKeyId);
    if (details === null) throw apiKeyNotFound();
    return details;
  }
}

/** One refusal for an unknown key and for another organization's: nobody learns which it is. */
export function apiKeyNotFound(): IdentityError {
  return new IdentityError('api_key.not_found', 'No such API key.');
}
