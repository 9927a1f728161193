import { type Actor, OPERATOR } from '../../domain/actor.js';
import { type ApiKey, isLaterEnd } from '../../domain/api-key.js';
import type { StoredCaller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { Member } from '../../domain/member.js';
import { assertLifetime, NO_POLICY, type OrganizationPolicy } from '../../domain/organization-policy.js';
import { ScopeGrant } from '../../domain/scope-grant.js';

/**
 * Who authorizes a change, and how far: a key that is created or changed gets no more than the grantor has.
 */
export interface Grantor {
  readonly actor: Actor;
  readonly member: Pick<Member, 'id' | 'organizationId'>;
  /** The most that it may grant. */
  readonly grant: ScopeGrant;
  /** How long a key may live at most; null for no limit. */
  readonly expiresAt: Date | null;
  readonly policy: OrganizationPolicy;
  /** The key that made the request. It must be unchanged when the change is written. Null for the operator. */
  readonly apiKey: ApiKey | null;
}

/** The parts of a request that the audit log records. */
export type RequestOrigin = Pick<Actor, 'requestId' | 'sourceAddress'>;

/**
 * The grantor of a request.
 *
 * @param caller - who was authenticated, as `VerifyApiKey` returns it
 * @param origin - the id of the request and the client's address, for the audit log
 */
export function grantorOf(caller: StoredCaller, origin: RequestOrigin): Grantor {
  const { apiKey, member, organization } = caller;
  return {
    actor: { type: 'api_key', name: null, apiKeyId: apiKey.id, memberId: member.id, ...origin },
    member,
    grant: apiKey.grant,
    expiresAt: apiKey.expiresAt,
    policy: organization.policy,
    apiKey: caller.session?.apiKey ?? apiKey,
  };
}

/**
 * The operator, who is bound by no grant, end or policy.
 *
 * @param member - the owner of the keys that are created
 * @param actor - who is recorded in the audit log
 */
export function operatorGrantor(member: Grantor['member'], actor: Actor = OPERATOR): Grantor {
  return {
    actor,
    member,
    grant: ScopeGrant.unrestricted(),
    expiresAt: null,
    policy: NO_POLICY,
    apiKey: null,
  };
}

/** How a refusal begins that names what the grantor lacks. */
export function lackOf({ apiKey }: Grantor): string {
  return apiKey === null ? 'What may be granted does not include' : 'The calling key does not hold';
}

/** Throws `api_key.outlives_caller` for a key that would live longer than the one that makes it. */
export function assertWithinLife({ expiresAt: limit }: Grantor, expiresAt: Date | null): void {
  if (isLaterEnd(expiresAt, limit)) {
    throw new IdentityError('api_key.outlives_caller', 'A key must not outlive the key that creates or changes it.');
  }
}

/**
 * The environment of a token that the grantor creates. A key creates only tokens of its own environment; a grantor
 * without a key may choose. Throws `api_key.environment_not_held`, or `token.format_invalid` for an environment that
 * does not exist.
 *
 * @param wanted - Default: that of the calling key, otherwise the first of the installation
 */
export function environmentFor({ apiKey }: Grantor, { environments }: TokenFormat, wanted?: string): string {
  if (wanted !== undefined && !environments.includes(wanted)) {
    throw new IdentityError('token.format_invalid', `Keys have one of these environments: ${environments.join(', ')}.`);
  }
  if (apiKey === null || environments.length === 1) return wanted ?? environments[0];
  const { environment: own } = apiKey;
  if (own === null || (wanted ?? own) !== own) {
    throw new IdentityError('api_key.environment_not_held', 'A key makes keys of its own environment only.');
  }
  return own;
}

/** Throws `api_key.environment_not_held` where a key would let one of another environment do more. */
export function assertSameEnvironment({ apiKey }: Grantor, { environment }: Pick<ApiKey, 'environment'>): void {
  if (apiKey === null || apiKey.environment === environment) return;
  // Imported keys that are not spelled like ours have none.
  if (apiKey.environment === null || environment === null) return;
  throw new IdentityError('api_key.environment_not_held', 'A key can extend only keys of its own environment.');
}

/** Throws `api_key.expiry_in_past` or `api_key.policy_violated` for an invalid expiry. */
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
