import type { NewApiKey } from '../application/ports/api-key-repository.js';
import type { NewOrganization } from '../application/ports/organization-repository.js';
import type { ApiKeySecret } from '../domain/api-key-secret.js';
import { ApiKey } from '../domain/api-key.js';
import { type Member, OWNER_ROLE } from '../domain/member.js';
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
export function aKeyPrefix(): string {
  return `fth_test_${anId().slice(-8)}`;
}

/** An active organization. */
export function anOrganization(fields: Partial<Organization> = {}): Organization {
  return { id: anId(), name: 'Acme', createdAt: CREATED_AT, disabledAt: null, ...fields };
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
    keyPrefix: aKeyPrefix(),
    grant: ScopeGrant.unrestricted(),
    createdAt: CREATED_AT,
    expiresAt: null,
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
    bcryptHash: 'no-hash',
    proof: 'no-proof',
    ...fields,
  };
}

/** A key of this member with its secret, ready to insert. */
export function aNewApiKey(owner: Pick<Member, 'id' | 'organizationId'>, fields: Partial<ApiKey> = {}): NewApiKey {
  const apiKey = anApiKey({ organizationId: owner.organizationId, memberId: owner.id, ...fields });
  return { apiKey, secret: aSecretOf(apiKey) };
}

/** An organization with its owner and the owner's key, ready to insert. */
export function aNewOrganization(fields: Partial<Organization> = {}): NewOrganization {
  const organization = anOrganization(fields);
  const owner = aMember({ organizationId: organization.id, createdAt: organization.createdAt });
  return { organization, owner, ...aNewApiKey(owner) };
}
