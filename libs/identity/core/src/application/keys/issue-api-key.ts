import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import { assertNamedScopes } from '../../domain/organization-policy.js';
import type { ApiKeyFactory, ApiKeyDraft } from './api-key-factory.js';
import { type Grantor, assertExpiry, assertWithinLife } from './grantor.js';
import type { EscalationWatch } from '../audit/escalation-watch.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import { retryOnConflict } from './retry-on-conflict.js';

/** What is asked for. Scopes left out or empty mean the issuer's own, where its policy does not demand them. */
export interface IssueApiKeyRequest {
  readonly name: string;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/**
 * Issues a key of the issuer's organization and member. A key never outgrows the one that issued it: throws
 * `api_key.scope_not_held` and `api_key.outlives_caller`, and records the attempt; `api_key.expiry_in_past`,
 * `api_key.policy_violated`, `api_key.scope_invalid` and `api_key.name_invalid` for values that make no sense or are not
 * allowed; and what `ApiKeyRepository.insert` throws. The plain text is in the result and nowhere else.
 */
export class IssueApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly escalations: EscalationWatch,
    private readonly clock: Clock,
    /** Most keys of one organization; the operator may exceed it. Default: no limit. */
    private readonly maxKeys?: number,
  ) {}

  /** `isAbandoned` tells whether whoever asked has gone away: a key that nobody would hold is not made. */
  async execute(
    grantor: Grantor,
    request: IssueApiKeyRequest,
    isAbandoned?: () => boolean,
  ): Promise<Pick<ApiKeyDraft, 'apiKey' | 'token'>> {
    if (!isDisplayName(request.name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    const { name, scopes = [], expiresAt = null } = request;
    const changes = { name, scopes, expires_at: expiresAt && expiresAt.toISOString() };
    return this.escalations.over(grantor, { apiKeyId: null, changes }, async () => {
      assertNamedScopes(grantor.policy, scopes);
      const grant = grantor.grant.narrow(scopes);
      const assertEnd = () => {
        const now = this.clock.now();
        assertExpiry(grantor, now, expiresAt, now);
      };
      assertEnd();
      assertWithinLife(grantor, expiresAt);
      const { actor, member: owner, apiKey: issuedBy } = grantor;
      const mayExceed = actor.type === 'operator';
      return retryOnConflict(async () => {
        const draft = await this.apiKeyFactory.create({ actor, owner, name, grant, expiresAt, isAbandoned });
        // The hash may have waited for longer than the key was to live.
        assertEnd();
        // The issuer was authenticated before the request's body was read and a hash was made: it may have less by now.
        await this.apiKeys.insert(draft, { issuedBy, maxKeys: this.maxKeys, mayExceed });
        return draft;
      });
    });
  }
}
