import { IdentityError } from '../../domain/identity-error.js';
import type { ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type { UsageCounts } from '../ports/usage-counts.js';
import { type RecentUsage, recentUsageOf } from '../usage/recent-usage.js';

/** A key with all of its secrets, and how often it was used lately. */
export interface FoundApiKey extends ApiKeyDetails {
  readonly usage30d: RecentUsage;
}

/** Finds one key of an organization, in any state. */
export class FindApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly usageCounts: UsageCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the key and all of its secrets
   * @throws IdentityError `api_key.not_found`, also for a key of another organization
   */
  async execute(organizationId: string, apiKeyId: string): Promise<FoundApiKey> {
    const details = await this.apiKeys.find(organizationId, apiKeyId);
    if (details === null) throw apiKeyNotFound();
    const usage30d = await recentUsageOf(this.usageCounts, details.apiKey, this.clock.now());
    return { ...details, usage30d };
  }
}

/**
 * The same refusal for an unknown key and for a key of another organization, so that callers cannot distinguish them.
 */
export function apiKeyNotFound(): IdentityError {
  return new IdentityError('api_key.not_found', 'No such API key.');
}
