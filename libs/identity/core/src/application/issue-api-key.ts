import type { Caller } from '../domain/caller.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../domain/display-name.js';
import { IdentityError } from '../domain/identity-error.js';
import type { ApiKeyMinter, MintedApiKey } from './api-key-minter.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';
import type { Clock } from './ports/clock.js';
import { retryOnConflict } from './retry-on-conflict.js';

/** On whose authority a key is issued: a caller, or an owner through the operator's command line. */
export type Issuer = {
  readonly member: Pick<Caller['member'], 'id' | 'organizationId'>;
  readonly apiKey: Pick<Caller['apiKey'], 'grant' | 'expiresAt'> & Partial<Pick<Caller['apiKey'], 'id'>>;
};

/** What is asked for. Scopes left out or empty mean the issuer's own. */
export interface IssueApiKeyRequest {
  readonly name: string;
  readonly scopes?: readonly string[] | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/**
 * Issues a key of the issuer's organization and member. A key never outgrows the one that issued it: throws
 * `api_key.scope_not_held` and `api_key.outlives_caller`; `api_key.expiry_in_past` and `api_key.name_invalid` for
 * values that make no sense; `authentication.required` when it was revoked meanwhile. The plain text is in the result
 * and nowhere else.
 */
export class IssueApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly minter: ApiKeyMinter,
    private readonly clock: Clock,
  ) {}

  /** `isAbandoned` tells whether whoever asked has gone away: a key that nobody would hold is not made. */
  async execute(
    issuer: Issuer,
    request: IssueApiKeyRequest,
    isAbandoned?: () => boolean,
  ): Promise<Pick<MintedApiKey, 'apiKey' | 'token'>> {
    if (!isDisplayName(request.name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    const grant = issuer.apiKey.grant.narrow(request.scopes ?? []);
    const expiresAt = this.expiry(issuer, request.expiresAt ?? null);
    return retryOnConflict(async () => {
      const minted = await this.minter.mint({
        owner: issuer.member,
        name: request.name,
        grant,
        expiresAt,
        isAbandoned,
      });
      // The issuer was authenticated before the request's body was read and a hash was made: it may be revoked by now.
      await this.apiKeys.insert(minted, issuer.apiKey.id);
      return minted;
    });
  }

  private expiry(issuer: Issuer, requested: Date | null): Date | null {
    if (requested !== null && requested <= this.clock.now()) {
      throw new IdentityError('api_key.expiry_in_past', 'expires_at must lie in the future.');
    }
    const limit = issuer.apiKey.expiresAt;
    if (limit !== null && (requested === null || requested > limit)) {
      throw new IdentityError('api_key.outlives_caller', 'A key must not outlive the key that creates it.');
    }
    return requested;
  }
}
