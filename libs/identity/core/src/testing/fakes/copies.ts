import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import { ApiKey } from '../../domain/api-key.js';
import type { AuditedValue, AuditEvent } from '../../domain/audit-event.js';
import type { JsonObject } from '../../domain/json-object.js';
import type { Member } from '../../domain/member.js';
import type { Organization } from '../../domain/organization.js';
import { ScopeGrant } from '../../domain/scope-grant.js';

// Copies share nothing with the original, as if it had been written to a database and read back. By hand: the objects
// of `structuredClone` belong to another realm under Jest, where `deepStrictEqual` and `instanceof` tell them apart.

/** A copy of a key, with some of its fields changed. */
export function copyApiKey(apiKey: ApiKey, changes: Partial<ApiKey> = {}): ApiKey {
  const changed = Object.assign({}, apiKey, changes);
  const { metadata, allowedNetworks, grant, lastUsedFrom } = changed;
  // Not by a rest of what is left of it, which takes several times as long.
  return new ApiKey(
    Object.assign(changed, {
      labels: [...changed.labels],
      metadata: metadata && (JSON.parse(JSON.stringify(metadata)) as JsonObject),
      allowedNetworks: allowedNetworks && [...allowedNetworks],
      grant: grant.unrestricted ? ScopeGrant.unrestricted() : ScopeGrant.of(grant.scopes),
      createdAt: new Date(changed.createdAt),
      expiresAt: copyInstant(changed.expiresAt),
      disabledAt: copyInstant(changed.disabledAt),
      revokedAt: copyInstant(changed.revokedAt),
      lastUsedAt: copyInstant(changed.lastUsedAt),
      lastUsedFrom: lastUsedFrom && { address: lastUsedFrom.address, userAgent: lastUsedFrom.userAgent },
    }),
  );
}

/** A copy of a secret. */
export function copySecret(secret: ApiKeySecret): ApiKeySecret {
  return {
    ...secret,
    createdAt: new Date(secret.createdAt),
    validUntil: copyInstant(secret.validUntil),
    lastUsedAt: copyInstant(secret.lastUsedAt),
  };
}

/** A copy of an organization. */
export function copyOrganization(organization: Organization): Organization {
  return {
    ...organization,
    createdAt: new Date(organization.createdAt),
    disabledAt: copyInstant(organization.disabledAt),
    policy: { ...organization.policy },
  };
}

/** A copy of a member. */
export function copyMember(member: Member): Member {
  return { ...member, createdAt: new Date(member.createdAt), disabledAt: copyInstant(member.disabledAt) };
}

/** A copy of an event. */
export function copyEvent(event: AuditEvent): AuditEvent {
  const changes = Object.entries(event.changes).map(([name, value]) => [name, isList(value) ? [...value] : value]);
  return {
    ...event,
    occurredAt: new Date(event.occurredAt),
    actor: { ...event.actor },
    changes: Object.fromEntries(changes) as AuditEvent['changes'],
  };
}

function isList(value: AuditedValue): value is readonly string[] {
  return Array.isArray(value);
}

function copyInstant(instant: Date | null): Date | null {
  return instant === null ? null : new Date(instant);
}
