import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Token } from '../../domain/token.js';
import { type ApiKeyFactory, type SecretDraft, retryOnConflict } from './api-key-factory.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { type Grantor, assertWithinLife } from './grantor.js';
import { apiKeyNotFound } from './find-api-key.js';
import type { ApiKeyChange, ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';

/** Secrets of one key that may live at once; each rotation with a grace period adds one. */
const MAX_LIVE_SECRETS = 10;

/** Over on every clock, however far it is behind. */
const AT_ONCE = new Date(0);

/** A key with its new token. */
export interface RotatedApiKey {
  readonly details: ApiKeyDetails;
  readonly token: Token;
}

/**
 * Gives a key a new secret; the ones so far stay valid for the grace period. Whoever rotates a key gets to hold it, so the
 * caller must have all that the key has: throws `api_key.scope_not_held` and `api_key.outlives_caller`, and records the
 * attempt. Throws `api_key.not_found` also for a revoked key, `api_key.disabled` and `api_key.expired` where the new token
 * would be refused, and `api_key.secrets_exhausted` when too many old secrets are still valid.
 */
export class RotateApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
  ) {}

  /** `graceSeconds` of 0 ends the secrets so far at once. */
  async execute(
    grantor: Grantor,
    apiKeyId: string,
    graceSeconds: number,
    signal?: AbortSignal,
  ): Promise<RotatedApiKey> {
    const { organizationId } = grantor.member;
    const changes = { grace_period_seconds: graceSeconds };
    return this.events.auditEscalation(grantor, { apiKeyId, changes }, async () => {
      // Looked at before a hash is made of it, and once more when it is written.
      const found = await this.apiKeys.find(organizationId, apiKeyId);
      if (found === null || found.apiKey.revokedAt !== null) throw apiKeyNotFound();
      assertPower(grantor, found.apiKey);
      assertActive(found.apiKey, this.clock.now());
      return retryOnConflict(async () => {
        const draft = await this.apiKeyFactory.createSecret(apiKeyId, { signal });
        const decide = (current: ApiKeyDetails) => this.decide(grantor, current, draft, graceSeconds);
        const details = await this.apiKeys.change(organizationId, apiKeyId, decide, grantor.apiKey);
        return { details, token: draft.token };
      });
    });
  }

  private decide(
    grantor: Grantor,
    { apiKey, secrets }: ApiKeyDetails,
    { secret, token }: SecretDraft,
    graceSeconds: number,
  ): ApiKeyChange {
    assertPower(grantor, apiKey);
    const now = this.clock.now();
    assertActive(apiKey, now);
    const live = secrets.filter(({ validUntil }) => validUntil === null || validUntil > now);
    if (graceSeconds > 0 && live.length >= MAX_LIVE_SECRETS) {
      throw new IdentityError(
        'api_key.secrets_exhausted',
        `The key has ${MAX_LIVE_SECRETS} valid secrets already: wait for a grace period to end, or rotate without one.`,
      );
    }
    const { organizationId, id } = apiKey;
    const changes = { key_prefix: token.keyPrefix, grace_period_seconds: graceSeconds };
    const event = this.events.build('api_key.rotated', grantor.actor, { organizationId, apiKeyId: id, changes });
    const previousValidUntil = graceSeconds === 0 ? AT_ONCE : new Date(now.getTime() + graceSeconds * 1000);
    return { event, apiKey: apiKey.with({ keyPrefix: token.keyPrefix }), rotation: { secret, previousValidUntil } };
  }
}

function assertPower(grantor: Grantor, apiKey: ApiKey): void {
  grantor.grant.demand(apiKey.grant);
  assertWithinLife(grantor, apiKey.expiresAt);
}

/** Revoked keys are out of the question before. */
function assertActive(apiKey: ApiKey, now: Date): void {
  const reason = apiKey.inactiveReason(now);
  const refused = 'first: its new token would be refused.';
  if (reason === 'disabled') {
    throw new IdentityError('api_key.disabled', `The API key is disabled. Enable it ${refused}`);
  }
  if (reason === 'expired') {
    throw new IdentityError('api_key.expired', `The API key has expired. Give it a later expires_at ${refused}`);
  }
}
