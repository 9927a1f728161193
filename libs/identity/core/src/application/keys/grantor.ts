import { type Actor, OPERATOR } from '../../domain/actor.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { StoredCaller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Member } from '../../domain/member.js';
import { assertLifetime, NO_POLICY, type OrganizationPolicy } from '../../domain/organization-policy.js';
import { ScopeGrant } from '../../domain/scope-grant.js';

/** On whose word a key is made or changed: it gives away nothing that it does not have. */
export interface Grantor {
  readonly actor: Actor;
  readonly member: Pick<Member, 'id' | 'organizationId'>;
  readonly grant: ScopeGrant;
  readonly expiresAt: Date | null;
  readonly policy: OrganizationPolicy;
  /** The key behind a request, which must still be what it was when the change is written; null where there is none. */
  readonly apiKey: ApiKey | null;
}

/** What is known of the request that a change comes by. */
export type RequestOrigin = Pick<Actor, 'requestId' | 'sourceAddress'>;

/** The grantor of a request. */
export function grantorOf({ apiKey, member, organization }: StoredCaller, origin: RequestOrigin): Grantor {
  return {
    actor: { type: 'api_key', apiKeyId: apiKey.id, memberId: member.id, ...origin },
    member,
    grant: apiKey.grant,
    expiresAt: apiKey.expiresAt,
    policy: organization.policy,
    apiKey,
  };
}

/** The grantor of whoever may run the command line: no grant, end or policy binds it. */
export function operatorGrantor(member: Grantor['member']): Grantor {
  return {
    actor: OPERATOR,
    member,
    grant: ScopeGrant.unrestricted(),
    expiresAt: null,
    policy: NO_POLICY,
    apiKey: null,
  };
}

/** Throws `api_key.outlives_caller` for a key that would live longer than the one that makes it. */
export function assertWithinLife({ expiresAt: limit }: Grantor, expiresAt: Date | null): void {
  if (limit !== null && (expiresAt === null || expiresAt > limit)) {
    throw new IdentityError('api_key.outlives_caller', 'A key must not outlive the key that creates or changes it.');
  }
}

/** Throws `api_key.expiry_in_past` and `api_key.policy_violated` for an end that makes no sense or is not allowed. */
export function assertExpiry(
  { policy }: Pick<Grantor, 'policy'>,
  createdAt: Date,
  expiresAt: Date | null,
  now: Date,
): void {
  if (expiresAt !== null && expiresAt <= now) {
    throw new IdentityError('api_key.expiry_in_past', 'expires_at must lie in the future.');
  }
  assertLifetime(policy, createdAt, expiresAt);
}
