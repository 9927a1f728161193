import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import { type KeyNotes, storedNotes } from '../../domain/key-notes.js';
import { assertNamedScopes } from '../../domain/organization-policy.js';
import type { ScopeCatalogue } from '../../domain/scope-catalogue.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { type ApiKeyFactory, type ApiKeyDraft, retryOnConflict } from './api-key-factory.js';
import { type Grantor, assertExpiry, assertWithinLife, environmentFor, lackOf } from './grantor.js';
import { assertWithinBounds, auditedIfBound, boundsOfNew, readBounds, type WantedBounds } from './key-bounds.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';

/**
 * The key to create. Omitted limits are those of the policy, or the issuer's where they are narrower; omitted networks
 * are the issuer's. Null is no limit, and allowed only if the issuer has none.
 */
export interface IssueApiKeyRequest extends KeyNotes, WantedBounds {
  /** 1 to 255 characters. */
  readonly name: string;
  /** Default, and if empty: those of the issuer, unless its policy requires scopes. */
  readonly scopes?: readonly string[] | undefined;
  /** Default: null, for a key that does not expire. */
  readonly expiresAt?: Date | null | undefined;
  /** One of the installation. Default: that of the issuing key; without one, the first of the installation. */
  readonly environment?: string | undefined;
}

/**
 * Issues a key of the grantor's organization and member. There is no privilege escalation: the key holds no scope that the
 * grantor lacks, does not outlive it, and is bounded as it is. The audit log records an attempt.
 */
export class IssueApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly apiKeyFactory: ApiKeyFactory,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
    private readonly catalogue: ScopeCatalogue,
    /** Most keys of one organization; revoked and expired ones do not count. The operator may exceed it. Default: no limit. */
    private readonly maxKeys?: number,
  ) {}

  /**
   * @param signal - aborts when the client disconnects, so that no key is created that nobody receives
   * @returns the stored key and its token, the only copy of the plain text
   * @throws IdentityError `api_key.scope_not_held`, `api_key.outlives_caller`, `api_key.limit_exceeds_caller` or
   * `api_key.network_not_held`: the grantor has less
   * @throws IdentityError `api_key.environment_not_held`: the issuing key has another environment
   * @throws IdentityError `token.format_invalid`: there is no such environment
   * @throws IdentityError `api_key.name_invalid`, `api_key.scope_invalid`, `api_key.expiry_in_past`,
   * `api_key.limit_invalid`, `api_key.networks_invalid`: invalid values
   * @throws IdentityError `api_key.description_invalid`, `api_key.labels_invalid`, `api_key.metadata_invalid`: invalid
   * notes
   * @throws IdentityError `api_key.scope_unknown`: it is not in the catalogue of scopes
   * @throws IdentityError `api_key.policy_violated`: the organization's policy forbids it
   * @throws IdentityError `api_key.limit_reached`: the organization has all the keys that it may have
   * @throws IdentityError `authentication.required` or `caller.changed`: the calling key was revoked or changed
   * meanwhile
   * @throws IdentityError `member.not_found`: the member was removed meanwhile
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: try again later
   */
  async execute(
    grantor: Grantor,
    request: IssueApiKeyRequest,
    signal?: AbortSignal,
  ): Promise<Pick<ApiKeyDraft, 'apiKey' | 'token'>> {
    if (!isDisplayName(request.name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    const { name, scopes = [], expiresAt = null } = request;
    const notes = storedNotes(request);
    const bounds = boundsOfNew(grantor, readBounds(request));
    const end = { expires_at: expiresAt && expiresAt.toISOString() };
    const changes = { name, scopes, ...end, ...auditedIfBound(bounds) };
    return this.events.auditEscalation(grantor, { apiKeyId: null, changes }, async () => {
      assertNamedScopes(grantor.policy, scopes);
      const grant = grantor.grant.narrow(scopes, lackOf(grantor));
      this.catalogue.assertKnown(grant.scopes);
      const assertEnd = () => {
        const now = this.clock.now();
        assertExpiry(grantor, now, expiresAt, now);
      };
      assertEnd();
      assertWithinLife(grantor, expiresAt);
      assertWithinBounds(grantor, bounds);
      const environment = environmentFor(grantor, this.apiKeyFactory.format, request.environment);
      const { actor, member: owner, apiKey: issuedBy } = grantor;
      const mayExceed = actor.type === 'operator';
      const terms = { actor, owner, name, notes, grant, expiresAt, environment, bounds, signal };
      return retryOnConflict(async () => {
        const draft = await this.apiKeyFactory.create(terms);
        // The hash may have waited for longer than the key was to live.
        assertEnd();
        // The issuer was authenticated before the request's body was read and a hash was made: it may have less by now.
        await this.apiKeys.insert(draft, { issuedBy, maxKeys: this.maxKeys, mayExceed });
        return draft;
      });
    });
  }
}
