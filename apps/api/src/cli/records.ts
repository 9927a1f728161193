import type {
  ApiKey,
  ApiKeyDetails,
  AuditEvent,
  FoundApiKey,
  KeyCreator,
  ListedApiKey,
  OperatorEvent,
  Organization,
  OrganizationPolicy,
  RecentUsage,
} from '@feather-identity/core';

/** The fields of a key in JSON: those of the API. */
export function keyRecord(apiKey: ApiKey, now: Date) {
  return {
    id: apiKey.id,
    name: apiKey.name,
    description: apiKey.description,
    labels: apiKey.labels,
    metadata: apiKey.metadata,
    key_prefix: apiKey.keyPrefix,
    scopes: apiKey.grant.scopes,
    unrestricted: apiKey.grant.unrestricted,
    is_active: apiKey.isActive(now),
    last_used_at: iso(apiKey.lastUsedAt),
    expires_at: iso(apiKey.expiresAt),
    created_at: apiKey.createdAt.toISOString(),
    created_by: apiKey.createdBy && creatorRecord(apiKey.createdBy),
    ...(apiKey.rateLimit && { rate_limit: apiKey.rateLimit }),
    ...(apiKey.quota && { quota: apiKey.quota }),
    ...(apiKey.allowedNetworks && { allowed_networks: apiKey.allowedNetworks }),
  };
}

function creatorRecord({ type, id }: KeyCreator) {
  return { type, api_key_id: type === 'api_key' ? id : null, user_id: type === 'member' ? id : null };
}

/** The same of a list. */
export function listedKeyRecord(apiKey: ListedApiKey, now: Date) {
  return { ...revocableKeyRecord(apiKey, now), ...usageFields(apiKey, apiKey.usage30d) };
}

/** All that is known about one key. */
export function foundKeyRecord(found: FoundApiKey, now: Date) {
  return { ...keyDetailsRecord(found, now), ...usageFields(found.apiKey, found.usage30d) };
}

function usageFields({ lastUsedFrom }: ApiKey, { accepted, refused }: RecentUsage) {
  return {
    usage_30d: { accepted, refused },
    last_used_from: lastUsedFrom && { address: lastUsedFrom.address, user_agent: lastUsedFrom.userAgent },
  };
}

function revocableKeyRecord(apiKey: ApiKey, now: Date) {
  return { ...keyRecord(apiKey, now), revoked_at: iso(apiKey.revokedAt) };
}

/** A key with what remains of its earlier secrets. */
export function keyDetailsRecord({ apiKey, secrets }: ApiKeyDetails, now: Date) {
  const previous = secrets.filter(({ validUntil }) => validUntil !== null);
  const valid = previous.filter(({ validUntil }) => validUntil !== null && validUntil > now);
  return {
    ...revocableKeyRecord(apiKey, now),
    previous_secret_expires_at: latest(valid.map(({ validUntil }) => validUntil)),
    previous_secret_last_used_at: latest(previous.map(({ lastUsedAt }) => lastUsedAt)),
  };
}

/** The fields of an organization. */
export function organizationRecord({ id, name, createdAt, disabledAt }: Organization) {
  return {
    id,
    name,
    is_active: disabledAt === null,
    disabled_at: iso(disabledAt),
    created_at: createdAt.toISOString(),
  };
}

/** The fields of a policy: those of the API. */
export function policyRecord(policy: OrganizationPolicy) {
  return {
    max_lifetime_days: policy.maxLifetimeDays,
    expiry_required: policy.expiryRequired,
    scopes_required: policy.scopesRequired,
    revoke_unused_after_days: policy.revokeUnusedAfterDays,
    revoke_descendants: policy.revokeDescendants,
    rate_limit: policy.rateLimit,
    quota: policy.quota,
  };
}

/** The fields of an audit event: those of the API. */
export function eventRecord({ actor, ...event }: AuditEvent | OperatorEvent) {
  return {
    id: event.id,
    type: event.type,
    occurred_at: event.occurredAt.toISOString(),
    actor_type: actor.type,
    actor_name: actor.name,
    actor_api_key_id: actor.apiKeyId,
    actor_user_id: actor.memberId,
    api_key_id: event.apiKeyId,
    key_prefix: event.keyPrefix,
    organization_id: 'organizationId' in event ? event.organizationId : null,
    request_id: actor.requestId,
    source_address: actor.sourceAddress,
    changes: event.changes,
  };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}

function latest(instants: readonly (Date | null)[]): string | null {
  const times = instants.flatMap((instant) => (instant === null ? [] : [instant.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}
