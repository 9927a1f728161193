import { IdentityError } from './identity-error.js';

const DAY_MS = 86_400_000;

/** What an organization demands of its keys. It binds keys that are created, or given another end or scopes, later. */
export interface OrganizationPolicy {
  /** From a key's creation to its end; null for no limit. A key without an end exceeds any limit. */
  readonly maxLifetimeDays: number | null;
  readonly expiryRequired: boolean;
  /** Whether a key has to be given its scopes, instead of those of its maker. `*` is a scope like any other. */
  readonly scopesRequired: boolean;
  /** Keys not used for so many days (since their creation, where they never were) are revoked; null for never. */
  readonly revokeUnusedAfterDays: number | null;
}

/** An organization that demands nothing. */
export const NO_POLICY: OrganizationPolicy = {
  maxLifetimeDays: null,
  expiryRequired: false,
  scopesRequired: false,
  revokeUnusedAfterDays: null,
};

/** Throws `api_key.policy_violated` for a key that may not live so long here. */
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

/** Throws `api_key.policy_violated` where scopes are asked for as an empty list and have to be named here. */
export function assertNamedScopes({ scopesRequired }: OrganizationPolicy, scopes: readonly string[]): void {
  if (scopesRequired && scopes.length === 0) {
    throw violation('The organization\'s policy requires scopes: name them, or ["*"] for everything.');
  }
}

function violation(message: string): IdentityError {
  return new IdentityError('api_key.policy_violated', message);
}
