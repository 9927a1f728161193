import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Token } from '../../domain/token.js';
import { type ApiKeyFactory, type SecretDraft, retryOnConflict } from './api-key-factory.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { type Grantor, assertWithinLife, environmentFor, lackOf } from './grantor.js';
import { assertWithinBounds } from './key-bounds.js';
import { apiKeyNotFound } from './find-api-key.js';
import type { ApiKeyChange, ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';

/** The longest grace period of a rotation: 30 days. */
export const MAX_GRACE_SECONDS = 2_592_000;

/** How many secrets of one key may be valid at once. Each rotation with a grace period adds one. */
const MAX_LIVE_SECRETS = 10;

/** In the past of every clock, however slow it is. */
const AT_ONCE = new Date(0);

/** A key with its new token. */
export interface RotatedApiKey {
  readonly details: ApiKeyDetails;
  readonly token: Token;
}

/**
 * Gives a key a new secret; the previous ones stay valid for a grace period. The caller receives the new token, so it must
 * have all that the key has. The audit log records an attempt without that.
 */
export class RotateApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @param graceSeconds - how long the previous secrets stay valid; 0 ends them at once
   * @param signal - aborts when the client disconnects, so that no secret is created that nobody receives
   * @returns the changed key and its new token, the only copy of the plain text
   * @throws IdentityError `api_key.scope_not_held`, `api_key.outlives_caller`, `api_key.limit_exceeds_caller` or
   * `api_key.network_not_held`: the grantor has less than the key
   * @throws IdentityError `api_key.environment_not_held`: the calling key has another environment than the key
   * @throws IdentityError `api_key.not_found`, also for a revoked key
   * @throws IdentityError `api_key.disabled` or `api_key.expired`: the new token would be refused
   * @throws IdentityError `api_key.secrets_exhausted`: too many previous secrets are still valid
   * @throws IdentityError `authentication.required` or `caller.changed`: the calling key was revoked or changed
   * meanwhile
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  async execute(
    grantor: Grantor,
    apiKeyId: string,
    graceSeconds: number,
    signal?: AbortSignal,
  ): Promise<RotatedApiKey> {
    const { organizationId } = grantor.member;
    const changes = { grace_period_seconds: graceSeconds };
    return this.events.auditEscalation(grantor, { apiKeyId, changes }, async () => {
      // Checked before a hash is made, and once more when it is written.
      const found = await this.apiKeys.find(organizationId, apiKeyId);
      if (found === null || found.apiKey.revokedAt !== null) throw apiKeyNotFound();
      assertPower(grantor, found.apiKey);
      assertActive(found.apiKey, this.clock.now());
      const { format } = this.apiKeyFactory;
      const kept = format.isKeyPrefix(found.apiKey.keyPrefix) ? found.apiKey.environment : null;
      const environment = environmentFor(grantor, format, kept ?? format.environment);
      return retryOnConflict(async () => {
        const draft = await this.apiKeyFactory.createSecret(apiKeyId, { environment, signal });
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
    const { organizationId, id: apiKeyId } = apiKey;
    const { keyPrefix } = token;
    const changes = {
      key_prefix: keyPrefix,
      previous_key_prefix: apiKey.keyPrefix,
      grace_period_seconds: graceSeconds,
    };
    const subject = { organizationId, apiKeyId, keyPrefix, changes };
    const event = this.events.build('api_key.rotated', grantor.actor, subject);
    const previousValidUntil = graceSeconds === 0 ? AT_ONCE : new Date(now.getTime() + graceSeconds * 1000);
    return { event, apiKey: apiKey.with({ keyPrefix }), rotation: { secret, previousValidUntil } };
  }
}

function assertPower(grantor: Grantor, apiKey: ApiKey): void {
  grantor.grant.assertCovers(apiKey.grant, lackOf(grantor));
  assertWithinLife(grantor, apiKey.expiresAt);
  assertWithinBounds(grantor, apiKey);
}

/** The caller has ruled out revoked keys. */
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
