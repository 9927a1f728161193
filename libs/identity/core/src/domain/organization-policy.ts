import { IdentityError } from './identity-error.js';
import { assertQuota, assertRateLimit, type Quota, type RateLimit } from './key-limits.js';

const DAY_MS = 86_400_000;

/** What an organization requires of its keys. It applies to keys that are created later, or get another expiry or scopes. */
export interface OrganizationPolicy {
  /** From a key's creation to its expiry; null for no limit. A key that does not expire exceeds any limit. */
  readonly maxLifetimeDays: number | null;
  readonly expiryRequired: boolean;
  /** Whether scopes must be named, instead of taken from the creator. `*` is a scope like any other. */
  readonly scopesRequired: boolean;
  /** Keys that were not used for so many days, or not since their creation, are revoked; null for never. */
  readonly revokeUnusedAfterDays: number | null;
  /** Whether the revocation of a key also revokes all keys that it made, and those that they made. */
  readonly revokeDescendants: boolean;
  /** The rate limit of new keys that are given none; null for none. */
  readonly rateLimit: RateLimit | null;
  /** The quota of new keys that are given none; null for none. */
  readonly quota: Quota | null;
}

/** The policy that requires nothing. */
export const NO_POLICY: OrganizationPolicy = {
  maxLifetimeDays: null,
  expiryRequired: false,
  scopesRequired: false,
  revokeUnusedAfterDays: null,
  revokeDescendants: false,
  rateLimit: null,
  quota: null,
};

/** The longest number of days that a policy can name. */
export const MAX_POLICY_DAYS = 36_500;

/**
 * Requires that a policy can be changed like this.
 *
 * @throws IdentityError `policy.invalid` for a field that policies do not have, and a value that no field takes: a
 *   mistyped limit would be no limit
 * @throws IdentityError `api_key.limit_invalid`
 */
export function assertPolicyChange(changed: Partial<OrganizationPolicy>): void {
  for (const [name, value] of Object.entries(changed) as [string, unknown][]) {
    if (!Object.hasOwn(NO_POLICY, name)) throw invalidPolicy(`A policy has no field ${name}.`);
    if (value === undefined) throw invalidPolicy(`${name} is undefined. Leave it out to keep it as it is.`);
    const isDays = name === 'maxLifetimeDays' || name === 'revokeUnusedAfterDays';
    if (
      isDays &&
      value !== null &&
      !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_POLICY_DAYS)
    )
      throw invalidPolicy(`${name} takes null or a whole number from 1 to ${MAX_POLICY_DAYS}.`);
    if (typeof NO_POLICY[name as keyof OrganizationPolicy] === 'boolean' && typeof value !== 'boolean')
      throw invalidPolicy(`${name} takes true or false.`);
  }
  assertRateLimit(changed.rateLimit ?? null);
  assertQuota(changed.quota ?? null);
}

function invalidPolicy(message: string): IdentityError {
  return new IdentityError('policy.invalid', message);
}

/** Throws `api_key.policy_violated` for an expiry that the policy does not allow. */
export function assertLifetime(policy: OrganizationPolicy, createdAt: Date, expiresAt: Date | null): void {
  const { maxLifetimeDays, expiryRequired } = policy;
  if (expiresAt === null) {
    if (expiryRequired || maxLifetimeDays !== null) {
      throw violation("The organization's policy requires expires_at.");
    }
  } else if (maxLifetimeDays !== null && expiresAt.getTime() > createdAt.getTime() + maxLifetimeDays * DAY_MS) {
    throw violation(`The organization's policy allows keys to live for at most ${maxLifetimeDays} days.`);
  }
}

/** Throws `api_key.policy_violated` for an empty list of scopes, if the policy requires that they are named. */
export function assertNamedScopes({ scopesRequired }: OrganizationPolicy, scopes: readonly string[]): void {
  if (scopesRequired && scopes.length === 0) {
    throw violation('The organization\'s policy requires scopes: name them, or ["*"] for everything.');
  }
}

function violation(message: string): IdentityError {
  return new IdentityError('api_key.policy_violated', message);
}
