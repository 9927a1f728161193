import { createHash } from 'node:crypto';
import type { NewApiKey, NewImportedApiKey } from '../application/ports/api-key-repository.js';
import type { NewOrganization } from '../application/ports/organization-repository.js';
import { OPERATOR } from '../domain/actor.js';
import type { ApiKeySecret } from '../domain/api-key-secret.js';
import { ApiKey } from '../domain/api-key.js';
import type { AuditEvent } from '../domain/audit-event.js';
import type { ImportedApiKey } from '../domain/imported-api-key.js';
import { type Member, OWNER_ROLE } from '../domain/member.js';
import { NO_POLICY } from '../domain/organization-policy.js';
import type { Organization } from '../domain/organization.js';
import { ScopeGrant } from '../domain/scope-grant.js';
import { SequentialIdGenerator } from './fakes/sequential-id-generator.js';

const BUILDER_SERIES = 0xb11d;
const CREATED_AT = new Date('2026-01-01T00:00:00.000Z');
const ids = new SequentialIdGenerator(BUILDER_SERIES);

/** An id that nothing else in this process has. */
export function anId(): string {
  return ids.next();
}

/** A public part that nothing else in this process has. */
export function aKeyPrefix(environment = 'test'): string {
  return `fth_${environment}_${anId().slice(-8)}`;
}

/** An active organization that demands nothing. */
export function anOrganization(fields: Partial<Organization> = {}): Organization {
  return { id: anId(), name: 'Acme', createdAt: CREATED_AT, disabledAt: null, policy: NO_POLICY, ...fields };
}

/** An owner; of an organization that does not exist, unless one is given. */
export function aMember(fields: Partial<Member> = {}): Member {
  return {
    id: anId(),
    organizationId: anId(),
    externalId: `user-${anId()}`,
    email: 'ada@example.com',
    displayName: 'Ada Lovelace',
    role: OWNER_ROLE,
    createdAt: CREATED_AT,
    disabledAt: null,
    ...fields,
  };
}

/** An unrestricted, active key that does not expire. */
export function anApiKey(fields: Partial<ApiKey> = {}): ApiKey {
  return new ApiKey({
    id: anId(),
    organizationId: anId(),
    memberId: anId(),
    name: 'CI',
    description: null,
    labels: [],
    metadata: null,
    keyPrefix: aKeyPrefix(),
    grant: ScopeGrant.unrestricted(),
    rateLimit: null,
    quota: null,
    allowedNetworks: null,
    createdAt: CREATED_AT,
    createdBy: { type: 'operator', id: null },
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...fields,
  });
}

/** The current secret of a key, with verifiers that match no token. */
export function aSecretOf(apiKey: ApiKey, fields: Partial<ApiKeySecret> = {}): ApiKeySecret {
  return {
    id: anId(),
    apiKeyId: apiKey.id,
    keyPrefix: apiKey.keyPrefix,
    createdAt: apiKey.createdAt,
    validUntil: null,
    lastUsedAt: null,
    hash: 'no-hash',
    proof: 'no-proof',
    ...fields,
  };
}

/** An event that the operator caused; of an organization that does not exist, unless one is given. */
export function anAuditEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: anId(),
    organizationId: anId(),
    type: 'api_key.updated',
    occurredAt: CREATED_AT,
    actor: OPERATOR,
    apiKeyId: null,
    keyPrefix: null,
    changes: {},
    ...fields,
  };
}

/** The event of a key's revocation at this instant. */
export function aRevocationOf(
  { organizationId, id: apiKeyId, keyPrefix }: ApiKey,
  occurredAt = new Date(),
): AuditEvent {
  return anAuditEvent({ organizationId, apiKeyId, keyPrefix, occurredAt, type: 'api_key.revoked' });
}

/** A key of this member with its secret and its event, ready to insert. */
export function aNewApiKey(
  owner: Pick<Member, 'id' | 'organizationId'>,
  fields: Partial<ApiKey> = {},
  secret: Partial<ApiKeySecret> = {},
): NewApiKey {
  const apiKey = anApiKey({ organizationId: owner.organizationId, memberId: owner.id, ...fields });
  const { organizationId, id: apiKeyId, keyPrefix, createdAt: occurredAt } = apiKey;
  const event = anAuditEvent({ organizationId, apiKeyId, keyPrefix, occurredAt, type: 'api_key.created' });
  return { apiKey, secret: aSecretOf(apiKey, secret), event };
}

/** A key of this member from another system, with a hash and a look-up text of its own, ready to import. */
export function aNewImportedApiKey(
  owner: Pick<Member, 'id' | 'organizationId'>,
  fields: Partial<ApiKey> = {},
  secret: Partial<ApiKeySecret> = {},
): NewImportedApiKey {
  const keyPrefix = `imported_${anId().slice(-8)}`;
  const created = aNewApiKey(owner, { keyPrefix, ...fields }, { hash: `no-hash-${anId()}`, proof: null, ...secret });
  const event: AuditEvent = { ...created.event, type: 'api_key.imported' };
  return { ...created, event, lookup: `prefix:${anId()}` };
}

/** A key of another system as it is handed over, with the SHA-256 of its plain text. */
export function anImportedApiKey(
  organizationId: string,
  plainText: string,
  fields: Partial<ImportedApiKey> = {},
): ImportedApiKey {
  const hash = `sha256:${createHash('sha256').update(plainText).digest('base64url')}`;
  const rest = { keyPrefix: null, scopes: null, createdAt: null, expiresAt: null };
  return { organizationId, name: 'Imported', hash, lookup: hash, ...rest, ...fields };
}

/** An organization with its owner and the owner's key, ready to insert. */
export function aNewOrganization(fields: Partial<Organization> = {}): NewOrganization {
  const organization = anOrganization(fields);
  const owner = aMember({ organizationId: organization.id, createdAt: organization.createdAt });
  return { organization, owner, ...aNewApiKey(owner) };
}
