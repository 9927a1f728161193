import type { Actor } from '../../domain/actor.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { apiKeyNotFound } from './find-api-key.js';
import type { ApiKeyRepository, DescendantTerms, Revocation } from '../ports/api-key-repository.js';

/** Options of `RevokeApiKey`. */
export interface RevokeApiKeyOptions {
  /**
   * Whether all keys are revoked that the key made, and those that they made, however deep; also if the key itself was
   * revoked before. Default: false; then they are revoked if the organization's policy has `revokeDescendants`.
   */
  readonly cascade?: boolean | undefined;
}

/** Permanently revokes a key of an organization. A key may revoke itself, even if it is the last one. */
export class RevokeApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly events: AuditEvents,
  ) {}

  /**
   * @returns how many of the keys that it created were revoked too, and how many were not
   * @throws IdentityError `api_key.not_found`, alike for an unknown id, another organization's key and, without
   * `cascade`, a revoked one
   */
  async execute(
    organizationId: string,
    apiKeyId: string,
    actor: Actor,
    { cascade }: RevokeApiKeyOptions = {},
  ): Promise<Revocation> {
    const subject = { organizationId, apiKeyId, keyPrefix: null, changes: {} };
    const event = this.events.build('api_key.revoked', actor, subject);
    const descendants = { cascade, ...descendantTerms(this.events, actor, { organizationId, id: apiKeyId }) };
    const revocation = await this.apiKeys.revoke(organizationId, apiKeyId, event, descendants);
    if (revocation === null) throw apiKeyNotFound();
    return revocation;
  }
}

/** The events of what is revoked together with a key: their changes name that key. */
export function descendantTerms(
  events: AuditEvents,
  actor: Actor,
  revoked: { readonly organizationId: string; readonly id: string },
): DescendantTerms {
  const { organizationId } = revoked;
  return {
    eventOf: ({ id, keyPrefix }) =>
      events.build('api_key.revoked', actor, {
        organizationId,
        apiKeyId: id,
        keyPrefix,
        changes: { cascade_of: revoked.id },
      }),
  };
}
