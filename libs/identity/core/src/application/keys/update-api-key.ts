import { type ApiKey, isLaterEnd } from '../../domain/api-key.js';
import type { AuditedValue } from '../../domain/audit-event.js';
import { acceptsAddress } from '../../domain/key-networks.js';
import { disabledAfter } from '../../domain/disabling.js';
import { DISPLAY_NAME_RULE, isDisplayName } from '../../domain/display-name.js';
import { IdentityError } from '../../domain/identity-error.js';
import { type KeyNotes, storedNotes, type StoredKeyNotes } from '../../domain/key-notes.js';
import { assertNamedScopes, NO_POLICY } from '../../domain/organization-policy.js';
import type { ScopeCatalogue } from '../../domain/scope-catalogue.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { type AuditEvents, auditedFields, auditedNotes, changeTypeOf } from '../audit/audit-events.js';
import { type Grantor, assertExpiry, assertWithinLife, assertSameEnvironment, lackOf } from './grantor.js';
import { assertWithinBounds, auditedBounds, readBounds, type WantedBounds, widens } from './key-bounds.js';
import type { ApiKeyChange, ApiKeyDetails, ApiKeyRepository } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';

/**
 * The fields to change; omitted fields stay unchanged. Labels and metadata are replaced as a whole; a limit or list of
 * networks that is null is removed.
 */
export interface ApiKeyUpdate extends KeyNotes, WantedBounds {
  readonly name?: string | undefined;
  /** Empty is how an unrestricted key is shown, so it leaves one unrestricted. Other keys refuse it. */
  readonly scopes?: readonly string[] | undefined;
  /** Null for a key that does not expire. */
  readonly expiresAt?: Date | null | undefined;
  readonly isActive?: boolean | undefined;
  /** Whether the calling key may be given networks from which it does not call now. Default: false. */
  readonly confirm?: boolean | undefined;
}

/**
 * Changes a key of the caller's organization. A change that lets the key do more, or more often, from elsewhere or for
 * longer, requires that the caller has all that the key would then have. The audit log records an attempt of a caller
 * that has less.
 */
export class UpdateApiKey {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
    private readonly catalogue: ScopeCatalogue,
    /** Most keys of one organization, as in `IssueApiKey`. */
    private readonly maxKeys?: number,
  ) {}

  /**
   * @returns the key afterwards, with all of its secrets
   * @throws IdentityError `api_key.scope_not_held`, `api_key.outlives_caller`, `api_key.limit_exceeds_caller` or
   * `api_key.network_not_held`: the grantor has less
   * @throws IdentityError `api_key.environment_not_held`: the calling key, of another environment, would let it do more
   * @throws IdentityError `api_key.not_found`, also for a revoked key
   * @throws IdentityError `api_key.name_invalid`, `api_key.scope_invalid`, `api_key.expiry_in_past`,
   * `api_key.limit_invalid`, `api_key.networks_invalid`: invalid values
   * @throws IdentityError `api_key.description_invalid`, `api_key.labels_invalid`, `api_key.metadata_invalid`: invalid
   * notes
   * @throws IdentityError `api_key.scope_unknown`: it is not in the catalogue of scopes
   * @throws IdentityError `api_key.locks_out`: the change would refuse the calling key at its own address
   * @throws IdentityError `api_key.policy_violated`: the organization's policy forbids it
   * @throws IdentityError `api_key.limit_reached`: an expired key would live again and exceed the limit of keys
   * @throws IdentityError `authentication.required` or `caller.changed`: the calling key was revoked or changed
   * meanwhile
   */
  async execute(grantor: Grantor, apiKeyId: string, update: ApiKeyUpdate): Promise<ApiKeyDetails> {
    if (update.name !== undefined && !isDisplayName(update.name)) {
      throw new IdentityError('api_key.name_invalid', `The name of a key ${DISPLAY_NAME_RULE}.`);
    }
    const notes = storedNotes(update);
    const wanted = { ...update, ...readBounds(update) };
    const { organizationId } = grantor.member;
    return this.events.auditEscalation(grantor, { apiKeyId, changes: attempted(wanted) }, () =>
      this.apiKeys.change(
        organizationId,
        apiKeyId,
        ({ apiKey }) => this.decide(grantor, apiKey, wanted, notes),
        grantor.apiKey,
      ),
    );
  }

  private decide(grantor: Grantor, current: ApiKey, update: ApiKeyUpdate, notes: StoredKeyNotes): ApiKeyChange | null {
    const now = this.clock.now();
    if (update.scopes !== undefined) assertNamedScopes(grantor.policy, update.scopes);
    const next = updated(current, update, now).with(notes);
    const changes = { ...changedFields(current, next), ...changedNotes(current, next) };
    if (Object.keys(changes).length === 0) return null;
    if ('expires_at' in changes) {
      // Narrowing is always allowed, whatever the policy says.
      const policy = isLaterEnd(current.expiresAt, next.expiresAt) ? NO_POLICY : grantor.policy;
      assertExpiry({ policy }, current.createdAt, next.expiresAt, now);
    }
    // A scope that the key has already may stay.
    this.catalogue.assertKnown(next.grant.scopes, current.grant.scopes);
    if (grows(current, next)) {
      assertSameEnvironment(grantor, current);
      grantor.grant.assertCovers(next.grant, lackOf(grantor));
      assertWithinLife(grantor, next.expiresAt);
      assertWithinBounds(grantor, next);
    }
    if ('allowed_networks' in changes && update.confirm !== true) assertNotLockedOut(grantor, next);
    const { organizationId, id: apiKeyId, keyPrefix } = current;
    const subject = { organizationId, apiKeyId, keyPrefix, changes };
    const event = this.events.build(changeTypeOf('api_key', changes), grantor.actor, subject);
    return { apiKey: next, event, maxKeys: grantor.actor.type === 'operator' ? undefined : this.maxKeys };
  }
}

function updated(current: ApiKey, update: ApiKeyUpdate, now: Date): ApiKey {
  const { name = current.name, scopes, expiresAt = current.expiresAt, isActive } = update;
  const wanted = wantedGrant(current.grant, scopes);
  return current.with({
    name,
    grant: wanted.equals(current.grant) ? current.grant : wanted,
    expiresAt: expiresAt?.getTime() === current.expiresAt?.getTime() ? current.expiresAt : expiresAt,
    disabledAt: disabledAfter(current.disabledAt, isActive, now),
    rateLimit: update.rateLimit === undefined ? current.rateLimit : update.rateLimit,
    quota: update.quota === undefined ? current.quota : update.quota,
    allowedNetworks: update.allowedNetworks === undefined ? current.allowedNetworks : update.allowedNetworks,
  });
}

/** A key does not become unrestricted when all of its scopes are removed. */
function wantedGrant(current: ScopeGrant, scopes: readonly string[] | undefined): ScopeGrant {
  if (scopes === undefined || (scopes.length === 0 && current.unrestricted)) return current;
  if (scopes.length > 0) return ScopeGrant.requested(scopes);
  throw new IdentityError('api_key.scope_invalid', 'Empty scopes would mean everything: name them, or leave them out.');
}

function grows(current: ApiKey, next: ApiKey): boolean {
  const isEnabled = current.disabledAt !== null && next.disabledAt === null;
  const gains = current.grant.lacks(next.grant).length > 0 || widens(current, next);
  return isEnabled || gains || isLaterEnd(next.expiresAt, current.expiresAt);
}

function changedFields(current: ApiKey, next: ApiKey): Record<string, AuditedValue> {
  const before = { ...auditedFields(current), ...auditedBounds(current), is_active: current.disabledAt === null };
  const after = { ...auditedFields(next), ...auditedBounds(next), is_active: next.disabledAt === null };
  const isSame = (name: string, value: AuditedValue) =>
    name === 'scopes' ? current.grant === next.grant : isEqual((before as Record<string, AuditedValue>)[name], value);
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !isSame(name, value)));
}

/** A mistyped network must not take the key away from who is changing it, who could not take it back. */
function assertNotLockedOut({ apiKey, actor }: Grantor, next: ApiKey): void {
  if (apiKey?.id !== next.id || acceptsAddress(next.allowedNetworks, actor.sourceAddress)) return;
  const address = actor.sourceAddress ?? '';
  throw new IdentityError(
    'api_key.locks_out',
    `This key would be refused from ${address === '' ? 'an unknown address, as yours is' : `your address ${address}`}. ` +
      'Repeat the change with "confirm": true if you mean it.',
  );
}

function isEqual(one: AuditedValue | undefined, other: AuditedValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function changedNotes(current: ApiKey, next: ApiKey): Record<string, AuditedValue> {
  const names = (['description', 'labels', 'metadata'] as const).filter(
    (name) => JSON.stringify(current[name]) !== JSON.stringify(next[name]),
  );
  const audited: Record<string, AuditedValue> = {
    description: null,
    labels: [],
    metadata: null,
    ...auditedNotes(next),
  };
  return Object.fromEntries(names.map((name) => [name, audited[name] ?? null]));
}

function attempted(update: ApiKeyUpdate): Record<string, AuditedValue> {
  const { name, scopes, expiresAt, isActive } = update;
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt && expiresAt.toISOString() }),
    ...(isActive === undefined ? {} : { is_active: isActive }),
    ...auditedBounds(update),
  };
}
