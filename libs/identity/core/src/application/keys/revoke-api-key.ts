import type { Actor } from '../../domain/actor.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { apiKeyNotFound } from './find-api-key.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';

/** Revokes a key of one organization for good. A key may revoke itself, even if no other is left. */
export class RevokeApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @throws IdentityError `api_key.not_found`, alike for an unknown id, another organization's key and a revoked one
   */
  async execute(organizationId: string, apiKeyId: string, actor: Actor): Promise<void> {
    const subject = { organizationId, apiKeyId, keyPrefix: null, changes: {} };
    const event = this.events.build('api_key.revoked', actor, subject);
    if (!(await this.apiKeys.revoke(organizationId, apiKeyId, event))) throw apiKeyNotFound();
  }
}
