import type { Actor } from '../../domain/actor.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { descendantTerms } from './revoke-api-key.js';
import type { ApiKeyEnding, ApiKeyRepository, EndedApiKeys } from '../ports/api-key-repository.js';

/** Most keys of one request. */
export const MAX_ENDED_KEYS = 500;

/**
 * Revokes or disables several keys of one organization, in one transaction. A key may be among them that asks for it. With
 * the policy `revokeDescendants`, a revocation also revokes all that they made.
 */
export class EndApiKeys {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @param apiKeyIds - at most 500; repeated ones count once
   * @returns what became of each key. Ids that are not found (unknown, of another organization, revoked before) do
   *   not stop the others
   */
  execute(
    organizationId: string,
    ending: ApiKeyEnding,
    apiKeyIds: readonly string[],
    actor: Actor,
  ): Promise<EndedApiKeys> {
    if (apiKeyIds.length > MAX_ENDED_KEYS) throw new RangeError(`At most ${MAX_ENDED_KEYS} keys can end at once.`);
    const [type, changes] =
      ending === 'revoke' ? (['api_key.revoked', {}] as const) : (['api_key.disabled', { is_active: false }] as const);
    return this.apiKeys.end(organizationId, ending, [...new Set(apiKeyIds)], {
      eventOf: ({ id: apiKeyId, keyPrefix }) =>
        this.events.build(type, actor, { organizationId, apiKeyId, keyPrefix, changes }),
      descendantsOf: (id) => descendantTerms(this.events, actor, { organizationId, id }),
    });
  }
}
